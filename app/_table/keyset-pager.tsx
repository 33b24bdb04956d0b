"use client";
import { Button, Group, Text } from "@mantine/core";
import { IconArrowBarToUp, IconArrowRight } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";

interface Pager {
  /** On to the next, older page; null: this is the last. */
  older: (() => void) | null;
  /** Back to the first, newest page; null: this is it. */
  newest: (() => void) | null;
  /** Another word for the beginning, where it is not the newest. */
  newestLabel?: string;
  /** Another word for going on: the search stopped before the page was full. */
  olderLabel?: string;
  /** How far this page looked, whether this is all. */
  note?: ReactNode;
}

/** Paging by cursor: there is no number of pages, only on and back to the beginning. */
export function KeysetPager({ older, newest, newestLabel, olderLabel, note }: Pager) {
  const t = useTranslations("table");
  return (
    <Group component="nav" aria-label={t("pages")} gap="sm">
      {newest !== null && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconArrowBarToUp size={16} aria-hidden />}
          onClick={newest}
        >
          {newestLabel ?? t("newest")}
        </Button>
      )}
      {older !== null && (
        <Button
          size="xs"
          variant="default"
          rightSection={<IconArrowRight size={16} aria-hidden />}
          onClick={older}
        >
          {olderLabel ?? t("older")}
        </Button>
      )}
      <Text size="sm" c="dimmed" component="div">
        {note}
      </Text>
    </Group>
  );
}
