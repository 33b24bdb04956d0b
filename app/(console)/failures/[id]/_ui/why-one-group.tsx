"use client";
import { Code, Group, List, Stack, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import { codePart } from "../../../../_ui/rich-parts.tsx";
import { Section } from "../../../../_ui/section.tsx";
import { CodeText } from "../../../_registry/_ui/code-text.tsx";
import type { FailureDetail } from "../../_ui/failure-shape.ts";

/** What its failures have in common, and what was taken out of the latest one's text to find that. */
export function WhyOneGroup({ group }: { group: FailureDetail }) {
  const t = useTranslations("failures.why");
  const { taken } = group;
  return (
    <Section title={t("title")}>
      <Stack gap="sm" data-why>
        <Text size="sm">
          {t.rich("text", { subscription: group.subscription, type: codePart(group.errorType) })}
        </Text>
        <CodeText text={group.pattern} what={t("title")} />
        <Text size="sm" fw={600}>
          {t("sample")}
        </Text>
        <CodeText text={group.sample} what={t("sample")} />
        {taken.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t("nothing")}
          </Text>
        ) : (
          <>
            <Text size="sm" fw={600}>
              {t("taken")}
            </Text>
            <List size="sm" listStyleType="none" spacing={4}>
              {taken.map(({ kind, text }, n) => (
                // oxlint-disable-next-line react/no-array-index-key -- the same may be taken out twice
                <List.Item key={`${n} ${text}`}>
                  <Group gap="xs" component="span">
                    <Text span size="sm" c="dimmed" miw="7rem">
                      {t(`kind.${kind}`)}
                    </Text>
                    <Code>{text}</Code>
                  </Group>
                </List.Item>
              ))}
            </List>
            <Text size="sm" c="dimmed">
              {t("split")}
            </Text>
          </>
        )}
      </Stack>
    </Section>
  );
}
