"use client";
import { ActionIcon, Checkbox } from "@mantine/core";
import { IconLayoutSidebarRightExpand } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { type ChangeEvent, type MouseEvent, memo } from "react";
import type { Column } from "./column.ts";
import classes from "./data-table.module.css";

interface RowProps<T> {
  row: T;
  rowKey: string;
  columns: readonly Column<T>[];
  /** The column that carries the link; undefined: no column is shown. */
  titleId: string | undefined;
  href: string | null;
  /** Null: rows of this table cannot be selected. */
  selected: boolean | null;
  cursor: boolean;
  peeked: boolean;
  /** Null: this table has no peek. */
  onPeek: ((key: string) => void) | null;
  /** A plain click peeks, as long as the panel is open. */
  clickPeeks: boolean;
  onSelect: (key: string, event: ChangeEvent<HTMLInputElement>) => void;
}

function Row<T>(props: RowProps<T>) {
  const { row, rowKey, columns, titleId, href, selected, cursor, peeked, onPeek, clickPeeks, onSelect } =
    props;
  const t = useTranslations("table");

  function click(event: MouseEvent<HTMLAnchorElement>) {
    if (!clickPeeks || event.metaKey || event.ctrlKey || event.shiftKey || event.detail === 0) return;
    event.preventDefault();
    onPeek?.(rowKey);
  }

  const focusable = href === null ? { tabIndex: -1, "data-row-focus": true } : {};
  return (
    <tr
      data-key={rowKey}
      data-cursor={cursor || undefined}
      data-peeked={peeked || undefined}
      aria-selected={selected ?? undefined}
      {...focusable}
    >
      {selected !== null && (
        <td className={classes.select}>
          <Checkbox
            size="xs"
            checked={selected}
            aria-label={t("selectRow", { row: rowKey })}
            onChange={(event) => onSelect(rowKey, event)}
          />
        </td>
      )}
      {columns.map((column) => (
        <td
          key={column.id}
          data-align={column.align}
          data-narrow={column.id === titleId ? "title" : (column.narrow ?? "line")}
          data-mono={column.mono || undefined}
          data-label={column.header}
        >
          {column.id === titleId && href !== null ? (
            <Link
              href={href}
              prefetch={false}
              className={classes.link}
              onClick={click}
              aria-current={peeked || undefined}
              data-row-focus
            >
              {column.cell(row)}
            </Link>
          ) : (
            column.cell(row)
          )}
        </td>
      ))}
      <td className={classes.tools}>
        {onPeek !== null && (
          <ActionIcon
            variant="subtle"
            color="gray"
            c="var(--mantine-color-dimmed)"
            size="xs"
            className={classes.peek}
            aria-label={t("peekRow", { row: rowKey })}
            title={t("peekRowHint")}
            onClick={() => onPeek(rowKey)}
          >
            <IconLayoutSidebarRightExpand size={16} aria-hidden />
          </ActionIcon>
        )}
      </td>
    </tr>
  );
}

/** One row. Drawn again only when it, its columns or its marks change: a live list of many rows stays light. */
export const DataTableRow = memo(Row) as typeof Row;
