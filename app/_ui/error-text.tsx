"use client";
import { useTranslations } from "next-intl";
import { errorDetail, errorKind } from "./error-code.ts";

/** Why a call failed, in the page's language, with the service's own words where they say more. */
export function ErrorText({ error }: { error: unknown }) {
  const t = useTranslations("errors");
  const detail = errorDetail(error);
  return (
    <>
      {t(`kind.${errorKind(error)}`)}
      {detail !== null && <span lang="en"> {detail}</span>}
    </>
  );
}
