"use client";
import { Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import classes from "./changes-list.module.css";

export interface Change {
  field: string;
  /** As text; null: unset. */
  from: string | null;
  to: string | null;
}

/** What differs, field by field: before and after. */
export function ChangesList({ changes }: { changes: readonly Change[] }) {
  const t = useTranslations("registry");
  if (changes.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t("noChanges")}
      </Text>
    );
  return (
    <table className={classes.changes}>
      <caption className={classes.caption}>{t("changes")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("field")}</th>
          <th scope="col">{t("before")}</th>
          <th scope="col">{t("after")}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map(({ field, from, to }) => (
          <tr key={field}>
            <th scope="row">{field}</th>
            <td data-unset={from === null || undefined}>
              <del>{from ?? t("unset")}</del>
            </td>
            <td data-unset={to === null || undefined}>
              <ins>{to ?? t("unset")}</ins>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
