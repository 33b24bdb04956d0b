"use client";
import { Alert, Stack, Text } from "@mantine/core";
import { IconLock, IconPencilOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { LIVE } from "../../../../../_live/refresh-live-queries.ts";
import { useTRPC } from "../../../../../_trpc/client.ts";
import { NoticeView } from "../../../../../_ui/notice-view.tsx";
import { PageHeader } from "../../../../../_ui/page-header.tsx";
import { QueryView } from "../../../../../_ui/query-view.tsx";
import { DetailSkeleton } from "../../../../_registry/_ui/list-skeleton.tsx";
import { editBlock } from "../../_ui/actions/action-blocks.ts";
import type { Message } from "../../_ui/message-type.ts";
import { VersionEditor } from "./version-editor.tsx";

/** Sends a message with another payload: what it was, what becomes of it, whether that fits its topic, and who gets it. */
export function EditView({ id }: { id: string }) {
  const t = useTranslations("editMessage");
  const trpc = useTRPC();
  const message = useQuery(trpc.messages.read.queryOptions({ id }, LIVE));
  return (
    <Stack>
      <PageHeader
        back={{ href: `/messages/${id}`, label: t("back") }}
        title={t("title")}
        description={<span className="mono">{id}</span>}
      />
      <QueryView query={message} skeleton={<DetailSkeleton />}>
        {(read) => <Versions message={read} />}
      </QueryView>
    </Stack>
  );
}

/** Once begun, the editor stays whatever becomes of the message: somebody may have typed. */
function Versions({ message }: { message: Message }) {
  const t = useTranslations();
  const trpc = useTRPC();
  const versions = useQuery(trpc.messages.versions.queryOptions({ id: message.id }));
  const [begun, setBegun] = useState(false);
  if (!begun && !editBlock(message)) setBegun(true);
  if (!begun)
    return (
      <NoticeView
        icon={IconPencilOff}
        title={t("editMessage.blockedTitle", { state: t(`states.${message.state}`) })}
      >
        {t("messageActions.blocked.unsent")}
      </NoticeView>
    );
  return (
    <>
      {message.masked && (
        <Alert color="orange" role="note" icon={<IconLock aria-hidden />}>
          {t("editMessage.masked")}
        </Alert>
      )}
      <QueryView query={versions} skeleton={<DetailSkeleton />}>
        {(all) => (
          <Stack>
            <VersionEditor message={message} versions={all} />
            <Text size="sm" c="dimmed">
              {t("editMessage.kept")}
            </Text>
          </Stack>
        )}
      </QueryView>
    </>
  );
}
