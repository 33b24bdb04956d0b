"use client";
import { Button, Group, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import classes from "./selection-bar.module.css";

interface Selection {
  count: number;
  /** Of them, how many are on this page. */
  here: number;
  clear: () => void;
  children: ReactNode;
}

/** Says how many rows are selected and holds what can be done with them. */
export function SelectionBar({ count, here, clear, children }: Selection) {
  const t = useTranslations("table");
  return (
    <section className={classes.place} aria-label={t("selection")}>
      {count > 0 && (
        <Group gap="sm" className={classes.bar}>
          <Text size="sm" fw={600} component="output">
            {t("selected", { count })}
            {here < count && ` ${t("elsewhere", { count: count - here })}`}
          </Text>
          {children}
          <Button size="compact-sm" variant="subtle" onClick={clear}>
            {t("clearSelection")}
          </Button>
        </Group>
      )}
    </section>
  );
}
