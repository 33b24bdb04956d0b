"use client";
import { Group } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useSearchParams } from "next/navigation";
import { Age } from "../../../../_ui/age.tsx";
import { CopyAsCurl } from "../../../../_ui/copy-as-curl.tsx";
import { CopyValue } from "../../../../_ui/copy-value.tsx";
import { MessageStateBadge } from "../../../../_ui/message-state-badge.tsx";
import { PageHeader } from "../../../../_ui/page-header.tsx";
import { MessageActions } from "./actions/message-actions.tsx";
import { CopyLink } from "./copy-link.tsx";
import type { Message } from "./message-type.ts";

/** Which message, in which state, and what can be done about it; the way back to the list as it was. */
export function MessageHeading({ message }: { message: Message }) {
  const t = useTranslations("message");
  const filter = useSearchParams().toString();
  return (
    <PageHeader
      back={{ href: `/messages${filter && `?${filter}`}`, label: t("back") }}
      title={
        <>
          <span className="mono">{message.id}</span>
          <MessageStateBadge state={message.state} />
        </>
      }
      description={
        <Group gap="xs">
          <span>
            {t("summary", { app: message.app, topic: message.topic })} · {t("age")}{" "}
            <Age at={message.storedAt} />
          </span>
          <Group gap={4}>
            <CopyValue value={message.id} what={t("id")} />
            <CopyLink path={`/messages/${message.id}`} />
            <CopyAsCurl request={{ method: "GET", path: `/v1/messages/${message.id}` }} size="compact-xs" />
          </Group>
        </Group>
      }
      actions={<MessageActions message={message} />}
    />
  );
}
