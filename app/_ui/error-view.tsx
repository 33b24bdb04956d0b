"use client";
import { Button } from "@mantine/core";
import { IconCloudOff } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { NoticeView } from "./notice-view.tsx";

/** A page that failed as a whole. @param retry renders it again from the server */
export function ErrorView({ digest, retry }: { digest?: string; retry: () => void }) {
  const t = useTranslations("errors");
  return (
    <NoticeView
      icon={IconCloudOff}
      title={t("title")}
      order={1}
      action={<Button onClick={retry}>{t("retry")}</Button>}
    >
      {t("text")} {digest !== undefined && t("reference", { digest })}
    </NoticeView>
  );
}
