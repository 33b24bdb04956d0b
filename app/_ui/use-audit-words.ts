"use client";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { AUDIT_ACTIONS, AUDIT_TARGET_KINDS, REFUSED_WHY } from "@/server/domain/audit-words.ts";

/**
 * What the log's words are called. What this version has no word for, such as an action of a later one, keeps its own.
 */
export function useAuditWords() {
  const t = useTranslations("audit");
  return useMemo(
    () => ({
      action: (word: string): string => {
        const action = AUDIT_ACTIONS.find((known) => known === word);
        return action === undefined ? word : t(`actions.${action}`);
      },
      kind: (word: string): string => {
        const kind = AUDIT_TARGET_KINDS.find((known) => known === word);
        return kind === undefined ? word : t(`kinds.${kind}`);
      },
      why: (word: string): string => {
        const why = REFUSED_WHY.find((known) => known === word);
        return why === undefined ? word : t(`why.${why}`);
      },
    }),
    [t],
  );
}
