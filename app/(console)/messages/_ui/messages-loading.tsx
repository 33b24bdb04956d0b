"use client";
import { Skeleton, Stack, VisuallyHidden } from "@mantine/core";
import { useTranslations } from "next-intl";
import { PageHeader } from "../../../_ui/page-header.tsx";
import { ListSkeleton } from "./list-skeleton.tsx";

/** The room's shape while its first rows are read. */
export function MessagesLoading() {
  const t = useTranslations("messages");
  return (
    <Stack gap="xs" aria-busy>
      <PageHeader title={t("title")} actions={<Skeleton height={30} width="28rem" />} />
      <VisuallyHidden>{t("loading")}</VisuallyHidden>
      <Skeleton height={24} width="min(100%, 46rem)" />
      <ListSkeleton />
    </Stack>
  );
}
