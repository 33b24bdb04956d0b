"use client";
import { useNow, useTranslations } from "next-intl";
import classes from "./message-table.module.css";
import { MessageTableRow } from "./message-table-row.tsx";
import type { MessageListItem } from "./use-message-list.ts";

const COLUMNS = ["state", "id", "topic", "key", "businessKey", "app", "stored", "age"] as const;

/** The list: a table, or on a narrow window a card per message. @param outdated it is the answer to another filter */
export function MessageTable({ rows, outdated }: { rows: MessageListItem[]; outdated: boolean }) {
  const t = useTranslations("messages");
  const now = useNow({ updateInterval: 1000 });
  return (
    <div className={classes.frame}>
      <table className={classes.table} aria-busy={outdated}>
        <caption className={classes.caption}>{t("caption")}</caption>
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <th key={column} scope="col">
                {t(`columns.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <MessageTableRow key={row.id} row={row} now={now} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
