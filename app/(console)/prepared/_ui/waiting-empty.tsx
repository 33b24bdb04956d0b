"use client";
import { Button } from "@mantine/core";
import { IconCircleCheck, IconSearchOff } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useQueryStates } from "nuqs";
import { EmptyState } from "../../../_ui/empty-state.tsx";
import { NO_WAITING_FILTER, waitingParams } from "../waiting-params.ts";

/** Why the list is empty: mostly good news. */
export function WaitingEmpty() {
  const t = useTranslations("prepared");
  const [{ show, app, after }, setParams] = useQueryStates(waitingParams, { history: "push" });
  if (after !== null)
    return <EmptyState icon={IconSearchOff} title={t("empty.pageTitle")} text={t("empty.pageText")} />;
  return (
    <EmptyState
      icon={app === null ? IconCircleCheck : IconSearchOff}
      title={t(`empty.${show}Title`)}
      text={app === null ? t(`empty.${show}Text`) : t("empty.appText", { app })}
      action={
        app !== null && (
          <Button variant="default" onClick={() => void setParams(NO_WAITING_FILTER)}>
            {t("clear")}
          </Button>
        )
      }
    />
  );
}
