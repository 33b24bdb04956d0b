"use client";
import { Alert, Code, Group, Stack, Text } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { agePart, momentPart } from "../../../../_ui/rich-parts.tsx";
import { MendTopic } from "./mend-topic.tsx";
import type { TopicDetail } from "./topic-detail.ts";

const KNOWN = ["topic_missing", "not_permitted"] as const;

/** Why the relay cannot send to a topic, since when, what that holds, and what to do. */
export function TopicFault({ topic }: { topic: TopicDetail }) {
  const t = useTranslations("topics");
  const code = KNOWN.find((known) => known === topic.faultCode) ?? "other";
  const since = topic.faultSince;
  const sinceText = since !== null && t.rich("faultSince", { at: momentPart(since), age: agePart(since) });
  return (
    <Alert color="red" icon={<IconPlugConnectedX aria-hidden />} title={t(`fault.${code}.title`)} role="note">
      <Stack gap="xs">
        <span>
          {sinceText} {t("faultHeld", { count: topic.waiting.READY?.count ?? 0 })}
        </span>
        <Text size="sm" fw={600}>
          {t(`fault.${code}.todo`)}
        </Text>
        {topic.faultDetail !== null && (
          <Code block lang="en">
            {topic.faultDetail}
          </Code>
        )}
        {code === "topic_missing" && (
          <Group>
            <MendTopic topic={topic} />
          </Group>
        )}
      </Stack>
    </Alert>
  );
}
