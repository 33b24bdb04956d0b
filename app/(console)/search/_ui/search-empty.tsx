"use client";
import { Button, Group } from "@mantine/core";
import { IconSearchOff, IconStackPop } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { EmptyState } from "../../../_ui/empty-state.tsx";
import type { Names } from "./suggest-terms.ts";
import type { SearchPage } from "./use-search.ts";

interface Props {
  last: SearchPage;
  names: Names;
  /** Takes another name into the query. */
  replace: (field: "app" | "topic", name: string) => void;
}

/** Why nothing is found, and what to do next. */
export function SearchEmpty({ last, names, replace }: Props) {
  const t = useTranslations("search");
  if (last.unknown !== null) {
    const { field, name } = last.unknown;
    const all = field === "app" ? names.apps : names.topics.map((topic) => topic.name);
    const near = nearest(name, all);
    return (
      <EmptyState
        icon={IconStackPop}
        title={t(`unknown.${field}`, { name })}
        text={
          <>
            {t("unknown.text")} {near.length > 0 && t("unknown.near")}
          </>
        }
        action={
          <Group gap="xs">
            {near.map((one) => (
              <Button key={one} variant="default" onClick={() => replace(field, one)}>
                {one}
              </Button>
            ))}
          </Group>
        }
      />
    );
  }
  const complete = last.nextBefore === null;
  return (
    <EmptyState
      icon={IconSearchOff}
      title={complete ? t("nothingTitle") : t("nothingYetTitle")}
      text={complete ? t("nothingText") : t("nothingYetText")}
    />
  );
}

/** Those that share most of their letters' pairs with the name, at most three. */
function nearest(name: string, all: readonly string[]): string[] {
  const pairs = (text: string) =>
    new Set([...text.toLowerCase()].map((letter, i, of) => letter + (of[i + 1] ?? "")));
  const asked = pairs(name);
  return all
    .map((one) => ({ one, shared: [...pairs(one)].filter((pair) => asked.has(pair)).length }))
    .filter(({ shared }) => shared > 1)
    .toSorted((a, b) => b.shared - a.shared)
    .slice(0, 3)
    .map(({ one }) => one);
}
