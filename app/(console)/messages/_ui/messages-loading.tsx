"use client";
import { useTranslations } from "next-intl";
import { ListLoading } from "./list-loading.tsx";

/** The room's shape while its first rows are read. */
export function MessagesLoading() {
  const t = useTranslations("messages");
  return <ListLoading title={t("title")} says={t("loading")} beside="28rem" below="46rem" />;
}
