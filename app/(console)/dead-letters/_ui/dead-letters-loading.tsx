"use client";
import { Skeleton, Stack, VisuallyHidden } from "@mantine/core";
import { useTranslations } from "next-intl";
import { PageHeader } from "../../../_ui/page-header.tsx";
import { ListSkeleton } from "../../messages/_ui/list-skeleton.tsx";

/** The room's shape while its first rows are read. */
export function DeadLettersLoading() {
  const t = useTranslations("deadLetters");
  return (
    <Stack gap="xs" aria-busy>
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={<Skeleton height={30} width="12rem" />}
      />
      <VisuallyHidden>{t("loading")}</VisuallyHidden>
      <Skeleton height={24} width="min(100%, 26rem)" />
      <ListSkeleton />
    </Stack>
  );
}
