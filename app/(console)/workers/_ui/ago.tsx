"use client";
import { useTranslations } from "next-intl";
import { agePart } from "../../../_ui/rich-parts.tsx";

/** How long ago something was, in a sentence; a dash: never. */
export function Ago({ at }: { at: Date | null }) {
  const t = useTranslations("workers");
  return at === null ? t("none") : t.rich("ago", { age: agePart(at) });
}
