"use client";
import { Button } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import classes from "./filter-bar.module.css";

interface Filters {
  /** Whether any filter narrows the list. */
  active: boolean;
  clear: () => void;
  children: ReactNode;
}

/** The filters above a table, in one line while there is room, with the way back to all rows. */
export function FilterBar({ active, clear, children }: Filters) {
  const t = useTranslations("table");
  return (
    <section aria-label={t("filters")} className={classes.bar}>
      {children}
      {active && (
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<IconX size={15} aria-hidden />}
          onClick={clear}
        >
          {t("clear")}
        </Button>
      )}
    </section>
  );
}
