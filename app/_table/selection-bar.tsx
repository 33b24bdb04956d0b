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
    <div className={classes.place}>
      {count > 0 && (
        <Group component="section" aria-label={t("selection")} gap="sm" className={classes.bar}>
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
    </div>
  );
}
