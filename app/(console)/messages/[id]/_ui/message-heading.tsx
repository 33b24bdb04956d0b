"use client";
import { Anchor, Group, Stack, Title } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { CopyValue } from "../../../../_ui/copy-value.tsx";
import { MessageStateBadge } from "../../../../_ui/message-state-badge.tsx";
import type { Message } from "./timeline-entries.ts";

/** Which message, in which state; the way back to the list as it was. */
export function MessageHeading({ message }: { message: Message }) {
  const t = useTranslations("message");
  const filter = useSearchParams().toString();
  return (
    <Stack gap={6}>
      <Anchor component={Link} href={`/messages${filter && `?${filter}`}`} size="sm" w="fit-content">
        <Group gap={4} component="span">
          <IconArrowLeft size={16} aria-hidden />
          {t("back")}
        </Group>
      </Anchor>
      <Group gap="sm">
        <Title order={1} size="h4" className="mono">
          {message.id}
        </Title>
        <CopyValue value={message.id} what={t("title")} />
        <MessageStateBadge state={message.state} />
      </Group>
    </Stack>
  );
}
