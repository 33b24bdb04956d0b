"use client";
import { ActionIcon, Group, Text, TextInput } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconSearch } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import type { KeyboardEvent } from "react";
import { MATCH_LIMIT } from "./find-matches.ts";

interface Find {
  wanted: string;
  onWanted: (value: string) => void;
  /** How many there are, at most `MATCH_LIMIT`. */
  found: number;
  /** The one looked at, from 0. */
  at: number | null;
  onMove: (by: 1 | -1) => void;
  /** Bytes can be looked for as well. */
  bytes: boolean;
}

/** Looks for text in the payload: Enter goes on, Shift+Enter back, Escape clears. */
export function FindBar({ wanted, onWanted, found, at, onMove, bytes }: Find) {
  const t = useTranslations("payload");
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && found > 0) onMove(event.shiftKey ? -1 : 1);
    if (event.key === "Escape" && wanted !== "") onWanted("");
  };
  return (
    <Group gap="xs" wrap="nowrap">
      <TextInput
        size="xs"
        type="search"
        value={wanted}
        onChange={(event) => onWanted(event.currentTarget.value)}
        onKeyDown={onKeyDown}
        placeholder={bytes ? t("findBytes") : t("find")}
        aria-label={bytes ? t("findBytes") : t("find")}
        leftSection={<IconSearch size={14} aria-hidden />}
        flex="0 1 18rem"
      />
      {wanted !== "" && (
        <Text size="xs" c="dimmed" component="output" style={{ whiteSpace: "nowrap" }}>
          {at === null
            ? t("notFound")
            : t("found", { at: at + 1, found, more: found === MATCH_LIMIT ? "yes" : "no" })}
        </Text>
      )}
      {at !== null && (
        <Group gap={2} wrap="nowrap">
          <ActionIcon
            variant="subtle"
            color="gray"
            c="var(--mantine-color-dimmed)"
            size="sm"
            onClick={() => onMove(-1)}
            aria-label={t("previous")}
          >
            <IconChevronUp size={16} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            c="var(--mantine-color-dimmed)"
            size="sm"
            onClick={() => onMove(1)}
            aria-label={t("next")}
          >
            <IconChevronDown size={16} aria-hidden />
          </ActionIcon>
        </Group>
      )}
    </Group>
  );
}
