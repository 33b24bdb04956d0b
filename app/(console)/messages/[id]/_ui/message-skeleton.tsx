"use client";
import { Skeleton, Stack, VisuallyHidden } from "@mantine/core";
import { useTranslations } from "next-intl";
import classes from "./message-view.module.css";

/** The message's shape while it loads. */
export function MessageSkeleton() {
  const t = useTranslations("message");
  return (
    <Stack aria-busy data-skeleton>
      <VisuallyHidden component="h1">{t("title")}</VisuallyHidden>
      <Skeleton height={72} width="min(100%, 34rem)" />
      <Skeleton height={250} />
      <div className={classes.columns}>
        <div>
          <Skeleton height={190} />
          <Skeleton height={320} />
        </div>
        <div>
          <Skeleton height={330} />
        </div>
      </div>
    </Stack>
  );
}
