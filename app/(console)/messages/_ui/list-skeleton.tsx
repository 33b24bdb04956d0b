"use client";
import { Skeleton, Stack, VisuallyHidden } from "@mantine/core";
import { useTranslations } from "next-intl";

/** The list's shape while it loads. */
export function ListSkeleton() {
  const t = useTranslations("messages");
  return (
    <Stack gap="xs" aria-busy>
      <VisuallyHidden>{t("loading")}</VisuallyHidden>
      <Skeleton height={34} width="min(100%, 30rem)" />
      {Array.from({ length: 12 }, (_, row) => (
        <Skeleton key={row} height={40} />
      ))}
    </Stack>
  );
}
