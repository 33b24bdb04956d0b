"use client";
import { Text, Title } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useId, useMemo } from "react";
import classes from "./change-table.module.css";
import { listChanges } from "./list-changes.ts";

/** What was, beside what is, field by field. */
export function ChangeTable({ before, after }: { before: unknown; after: unknown }) {
  const t = useTranslations("audit.detail");
  const id = useId();
  const changes = useMemo(() => listChanges(before, after), [before, after]);
  const both = before !== null && after !== null;
  return (
    <div>
      <Title order={3} size="h6" mb={6} id={id}>
        {t("changes")}
      </Title>
      {changes.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t("noChanges")}
        </Text>
      ) : (
        <table className={classes.table} aria-labelledby={id}>
          <thead>
            <tr>
              <th scope="col">{t("field")}</th>
              {(both || after === null) && <th scope="col">{t("before")}</th>}
              {(both || before === null) && <th scope="col">{t("after")}</th>}
            </tr>
          </thead>
          <tbody>
            {changes.map((change) => (
              <tr key={change.field} data-changed={change.changed || undefined}>
                <th scope="row">{change.field}</th>
                {(both || after === null) && <Value value={change.before} side="before" />}
                {(both || before === null) && <Value value={change.after} side="after" />}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

function Value({ value, side }: { value: unknown; side: "before" | "after" }) {
  const t = useTranslations("audit.detail");
  if (value === undefined || value === null)
    return (
      <td>
        <Text size="xs" c="dimmed" component="span">
          {t("unset")}
        </Text>
      </td>
    );
  const Mark = side === "before" ? "del" : "ins";
  return (
    <td>
      <Mark>{typeof value === "string" ? value : JSON.stringify(value, null, 1)}</Mark>
    </td>
  );
}
