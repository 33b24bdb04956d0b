"use client";
import { Skeleton, Stack, VisuallyHidden } from "@mantine/core";
import { useTranslations } from "next-intl";

/** The message's shape while it loads. */
export function MessageSkeleton() {
  const t = useTranslations("message");
  return (
    <Stack aria-busy>
      <VisuallyHidden>{t("loading")}</VisuallyHidden>
      <Skeleton height={32} width="min(100%, 28rem)" />
      <Skeleton height={180} />
      <Skeleton height={260} />
    </Stack>
  );
}
