"use client";
import { Button } from "@mantine/core";
import { IconCloudOff } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { ErrorText } from "./error-text.tsx";
import { NoticeView } from "./notice-view.tsx";

/** A part of a page that could not be read, and the way to try again. @param title what is missing; a general one without */
export function ErrorState({ error, retry, title }: { error: unknown; retry?: () => void; title?: string }) {
  const t = useTranslations("errors");
  return (
    <div role="alert">
      <NoticeView
        icon={IconCloudOff}
        title={title ?? t("partTitle")}
        action={
          retry && (
            <Button variant="default" onClick={retry}>
              {t("retry")}
            </Button>
          )
        }
      >
        <ErrorText error={error} />
      </NoticeView>
    </div>
  );
}
