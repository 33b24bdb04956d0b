"use client";
import { Group, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { MessageState } from "@/server/domain/message-state.ts";
import type { SearchField } from "@/server/domain/search-query.ts";
import { MessageStateBadge } from "../../../_ui/message-state-badge.tsx";
import type { Suggestion } from "./suggest-terms.ts";

/** What a suggestion stands for: the text it puts, and what that means. */
export function SuggestionFace({ suggestion: { kind, value, insert, faulty } }: { suggestion: Suggestion }) {
  const t = useTranslations("search");
  const field = kind === "field" ? (value as SearchField) : null;
  return (
    <Group justify="space-between" gap="md" wrap="nowrap">
      <code>{insert.trim()}</code>
      {kind === "state" ? (
        <MessageStateBadge state={value as MessageState} />
      ) : (
        <Text span size="xs" c="dimmed" ta="end">
          {field !== null && `${t(`field.${field}`)} · ${t(`example.${field}`)}`}
          {kind === "topic" && (faulty ? t("faulty") : t("field.topic"))}
          {kind === "app" && t("field.app")}
          {kind === "span" && t("field.last")}
        </Text>
      )}
    </Group>
  );
}
