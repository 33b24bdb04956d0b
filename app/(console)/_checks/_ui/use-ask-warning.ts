"use client";
import { useTranslations } from "next-intl";

/** What keeps the producers of these messages from being asked, in words; null: nothing that is known. */
export function useAskWarning() {
  const t = useTranslations("checkBack.ask");
  return (apps: readonly { app: string; asked: boolean; away: boolean }[]): string | null => {
    const namesOf = (some: readonly { app: string }[]) => [...new Set(some.map(({ app }) => app))].join(", ");
    const silent = apps.filter(({ asked }) => !asked);
    if (silent.length > 0) return t("noUrl", { apps: namesOf(silent) });
    const away = apps.filter((one) => one.away);
    return away.length > 0 ? t("away", { apps: namesOf(away) }) : null;
  };
}
