"use client";
import { useTranslations } from "next-intl";
import { Age } from "../../../_ui/age.tsx";

/** For texts with an `<age>` in them. */
export const ageOf = (at: Date) => () => <Age at={at} />;

/** How long ago something was, in a sentence; a dash: never. */
export function Ago({ at }: { at: Date | null }) {
  const t = useTranslations("workers");
  return at === null ? t("none") : t.rich("ago", { age: ageOf(at) });
}
