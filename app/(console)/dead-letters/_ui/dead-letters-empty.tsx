"use client";
import { Button } from "@mantine/core";
import { IconCircleCheck, IconSearchOff } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useQueryStates } from "nuqs";
import { EmptyState } from "../../../_ui/empty-state.tsx";
import { NO_DEAD_LETTER_FILTER, deadLetterParams, isNarrowed } from "../dead-letter-params.ts";

/** Why the list is empty: mostly good news. @param scanned how far the search went, when it stopped early */
export function DeadLettersEmpty({ scanned }: { scanned: number | null }) {
  const t = useTranslations("deadLetters.empty");
  const [params, setParams] = useQueryStates(deadLetterParams, { history: "push" });
  const narrowed = isNarrowed(params);
  if (params.after !== null && scanned === null)
    return <EmptyState icon={IconSearchOff} title={t("pageTitle")} text={t("pageText")} />;
  if (scanned !== null)
    return (
      <EmptyState
        icon={IconSearchOff}
        title={t("scannedTitle")}
        text={t("scannedText", { count: scanned })}
      />
    );
  return (
    <EmptyState
      icon={narrowed ? IconSearchOff : IconCircleCheck}
      title={t(`${params.state}.title`)}
      text={narrowed ? t("narrowed") : t(`${params.state}.text`)}
      action={
        narrowed && (
          <Button variant="default" onClick={() => void setParams(NO_DEAD_LETTER_FILTER)}>
            {t("clear")}
          </Button>
        )
      }
    />
  );
}
