"use client";
import { Button } from "@mantine/core";
import { IconArrowUp } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { PAGE_SIZE } from "../message-params.ts";
import classes from "./fresh-messages.module.css";

/** Counts what came while the list stood still; brings the reader to it on request, never by itself. */
export function FreshMessages({ count }: { count: number }) {
  const t = useTranslations("messages");
  return (
    <output className={classes.place}>
      {count > 0 && (
        <Button
          size="compact-md"
          radius="xl"
          leftSection={<IconArrowUp size={16} aria-hidden />}
          className={classes.pill}
          onClick={() => window.scrollTo({ top: 0 })}
        >
          {count >= PAGE_SIZE ? t("freshMany", { count: PAGE_SIZE }) : t("fresh", { count })}
        </Button>
      )}
    </output>
  );
}
