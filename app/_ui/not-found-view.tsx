"use client";
import { Button } from "@mantine/core";
import { IconMapQuestion } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { NoticeView } from "./notice-view.tsx";
import { HOME } from "./rooms.ts";

export function NotFoundView() {
  const t = useTranslations("errors");
  return (
    <NoticeView
      icon={IconMapQuestion}
      title={t("notFoundTitle")}
      order={1}
      action={
        <Button component={Link} href={HOME} variant="default">
          {t("notFoundBack")}
        </Button>
      }
    >
      {t("notFoundText")}
    </NoticeView>
  );
}
