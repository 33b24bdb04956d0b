"use client";
import { Skeleton, Stack, VisuallyHidden } from "@mantine/core";
import { useTranslations } from "next-intl";

/** The shape of the rows while the first of them are looked for. */
export function SearchSkeleton() {
  const t = useTranslations("search");
  return (
    <Stack gap="xs" aria-busy>
      <VisuallyHidden component="output">{t("loading")}</VisuallyHidden>
      {Array.from({ length: 8 }, (_, row) => (
        <Skeleton key={row} height={34} />
      ))}
    </Stack>
  );
}
