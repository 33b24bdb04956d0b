"use client";
import { Button } from "@mantine/core";
import { IconArrowUp } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import classes from "./fresh-rows.module.css";

interface Fresh {
  count: number;
  /** Rows of a page: as many fresh ones or more are only known to be at least that many. */
  pageSize: number;
  show: () => void;
}

/** Counts what came while the list stood still; brings the reader to it on request, never by itself. */
export function FreshRows({ count, pageSize, show }: Fresh) {
  const t = useTranslations("table");
  return (
    <output className={classes.place}>
      {count > 0 && (
        <Button
          size="compact-xs"
          radius="xl"
          leftSection={<IconArrowUp size={14} aria-hidden />}
          className={classes.pill}
          onClick={show}
        >
          {count >= pageSize ? t("freshMany", { count: pageSize }) : t("fresh", { count })}
        </Button>
      )}
    </output>
  );
}
