"use client";
import { Group, Stack, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import { Section } from "../../../../_ui/section.tsx";
import { CodeText } from "../../../_registry/_ui/code-text.tsx";
import { EditSchema } from "./edit-schema.tsx";
import { RemoveSchema } from "./remove-schema.tsx";
import { schemaText } from "./schema-text.ts";
import type { TopicDetail } from "./topic-detail.ts";

/** The JSON Schema of a topic's payloads. */
export function SchemaSection({ topic }: { topic: TopicDetail }) {
  const t = useTranslations("topics");
  return (
    <Section
      title={t("schema")}
      aside={
        <Group gap="xs">
          {topic.schema !== null && <RemoveSchema topic={topic} />}
          <EditSchema topic={topic} />
        </Group>
      }
    >
      <Stack gap="xs">
        <Text size="sm" c="dimmed">
          {topic.schema === null ? t("schemaNoneText") : t("schemaText")}
        </Text>
        {topic.schema !== null && <CodeText text={schemaText(topic.schema)} what={t("schema")} />}
      </Stack>
    </Section>
  );
}
