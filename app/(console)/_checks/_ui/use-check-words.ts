"use client";
import { useTranslations } from "next-intl";
import type { CheckError, CheckOutcome, UnsentError } from "@/server/domain/decide-check.ts";
import type { Tone } from "../../../_ui/status-badge.tsx";

/** What a check-back brought, or why it brought nothing. */
export type Finding =
  | { outcome: Exclude<CheckOutcome, "failed">; error: null; status: number | null }
  | { outcome: "failed"; error: CheckError | null; status: number | null }
  | { outcome: "unsent"; error: UnsentError; status: null };

export interface CheckWords {
  /** In two or three words. */
  short: string;
  /** What it means and what can be done about it; null: nothing. */
  advice: string | null;
  tone: Tone;
}

/** @param found as the store has it: `failed` comes with an error, everything else without */
export function findingOf(found: {
  outcome: CheckOutcome;
  error: CheckError | null;
  status: number | null;
}): Finding {
  const { outcome, error, status } = found;
  return outcome === "failed" ? { outcome, error, status } : { outcome, error: null, status };
}

/** A finding in the page's language. */
export function useCheckWords(): (finding: Finding) => CheckWords {
  const t = useTranslations("checkBack");
  return ({ outcome, error, status }) => {
    if (outcome === "committed") return { short: t("outcome.committed"), advice: null, tone: "ok" };
    if (outcome === "rolled_back") return { short: t("outcome.rolled_back"), advice: null, tone: "idle" };
    if (outcome === "unknown")
      return { short: t("outcome.unknown"), advice: t("advice.unknown"), tone: "warn" };
    if (outcome === "unsent")
      return { short: t(`error.${error}`), advice: t(`advice.${error}`), tone: "bad" };
    if (error === null) return { short: t("outcome.failed"), advice: null, tone: "bad" };
    if (error === "http_status" && status !== null)
      return {
        short: t("status", { status }),
        advice: status === 401 || status === 403 ? t("advice.refused") : t("advice.http_status"),
        tone: "bad",
      };
    return { short: t(`error.${error}`), advice: t(`advice.${error}`), tone: "bad" };
  };
}
