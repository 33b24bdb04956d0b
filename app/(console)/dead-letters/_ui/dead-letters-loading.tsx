"use client";
import { useTranslations } from "next-intl";
import { ListLoading } from "../../messages/_ui/list-loading.tsx";

/** The room's shape while its first rows are read. */
export function DeadLettersLoading() {
  const t = useTranslations("deadLetters");
  return (
    <ListLoading
      title={t("title")}
      description={t("description")}
      says={t("loading")}
      beside="12rem"
      below="26rem"
    />
  );
}
