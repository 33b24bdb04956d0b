"use client";
import { ActionIcon, Group, Menu, UnstyledButton } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { SEARCH_FIELDS, type SearchField, type SearchTerm } from "@/server/domain/search-query.ts";
import classes from "./term-chips.module.css";

interface Chips {
  text: string;
  terms: readonly SearchTerm[];
  remove: (term: SearchTerm) => void;
  /** Begins a condition in the box. */
  add: (field: SearchField) => void;
}

/** The conditions of the query one by one, each with the way to be rid of it, and the way to add another. */
export function TermChips({ text, terms, remove, add }: Chips) {
  const t = useTranslations("search");
  const present = new Set(terms.map(({ field }) => field));
  return (
    <Group component="section" gap={6} aria-label={t("terms")}>
      {terms.map((term) => {
        const written = text.slice(term.at, term.end);
        return (
          <span key={term.at} className={classes.chip} title={t(`field.${term.field}`)}>
            <code className={classes.term}>{written}</code>
            <ActionIcon
              variant="transparent"
              size="xs"
              c="var(--mantine-color-dimmed)"
              aria-label={t("remove", { term: written })}
              onClick={() => remove(term)}
            >
              <IconX size={13} aria-hidden />
            </ActionIcon>
          </span>
        );
      })}
      <Menu position="bottom-start" shadow="md" returnFocus={false}>
        <Menu.Target>
          <UnstyledButton className={classes.add}>
            <IconPlus size={14} aria-hidden /> {t("add")}
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          {SEARCH_FIELDS.filter((field) => field === "payload" || !present.has(field)).map((field) => (
            <Menu.Item key={field} onClick={() => add(field)} rightSection={<code>{prefixOf(field)}</code>}>
              {t(`field.${field}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}

/** How a condition begins. */
export function prefixOf(field: SearchField): string {
  return field === "payload" ? "payload." : `${field}:`;
}
