"use client";
import { Skeleton } from "@mantine/core";
import { useTranslations } from "next-intl";
import { ListLoading } from "../../messages/_ui/list-loading.tsx";

/** The room's shape while its first rows are read. */
export function WaitingLoading() {
  const t = useTranslations("prepared");
  return (
    <ListLoading
      title={t("title")}
      description={t("description")}
      says={t("loading")}
      beside="12rem"
      below="26rem"
    >
      <Skeleton height={170} />
    </ListLoading>
  );
}
