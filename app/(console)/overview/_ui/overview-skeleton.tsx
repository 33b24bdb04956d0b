"use client";
import { Skeleton, Stack } from "@mantine/core";
import { useTranslations } from "next-intl";
import { PageHeader } from "../../../_ui/page-header.tsx";
import classes from "./funnel.module.css";

/** The page's shape while its code and data come. */
export function OverviewSkeleton() {
  const t = useTranslations("overview");
  return (
    <Stack gap="lg" aria-busy>
      <PageHeader title={t("title")} />
      <OverviewShape />
    </Stack>
  );
}

export function OverviewShape() {
  return (
    <Stack gap="lg">
      <Skeleton height={86} radius="md" />
      <div className={classes.funnel}>
        <Skeleton height={230} radius="md" />
        <Skeleton height={230} radius="md" />
        <Skeleton height={230} radius="md" />
      </div>
      <Skeleton height={360} radius="md" />
      <Skeleton height={240} radius="md" />
    </Stack>
  );
}
