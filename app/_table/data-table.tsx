"use client";
import { Checkbox, VisuallyHidden } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import {
  type RowData,
  columnVisibilityFeature,
  functionalUpdate,
  rowSelectionFeature,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useTranslations } from "next-intl";
import {
  type CSSProperties,
  type ChangeEvent,
  type PointerEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useEffectEvent,
  useMemo,
  useRef,
} from "react";
import { visibleColumns } from "./choose-columns.ts";
import type { Column } from "./column.ts";
import { ColumnMenu } from "./column-menu.tsx";
import { DataTableRow } from "./data-table-row.tsx";
import classes from "./data-table.module.css";
import { PeekPanel } from "./peek-panel.tsx";
import { SelectionBar } from "./selection-bar.tsx";
import { useColumnChoice } from "./use-column-choice.ts";
import { useRowCursor } from "./use-row-cursor.ts";

const features = tableFeatures({ columnVisibilityFeature, rowSelectionFeature });

export interface DataTableProps<T> {
  /** Names the table where its columns are kept. */
  id: string;
  /** What the rows are and how they are ordered, for who cannot see it. */
  caption: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string;
  /** The row's own page; the whole row leads there. */
  rowHref?: (row: T) => string;
  /** What the panel beside the list shows of a row. The row is in the address as `peek`. */
  peek?: (row: T) => ReactNode;
  /** A row that the address names and this page does not hold: what the panel shows, and the row's own page. */
  absent?: { peek: (key: string) => ReactNode; href: (key: string) => string };
  selection?: { selected: ReadonlySet<string>; onChange: (selected: Set<string>) => void };
  /** What can be done with selected rows. */
  bulk?: (keys: readonly string[]) => ReactNode;
  /** The rows are the answer to another question than the one the page asks by now. */
  outdated?: boolean;
  /** Shown instead of a table without rows. */
  empty?: ReactNode;
  /** Told when the reader begins and ends to be in the middle of the rows: a cursor stands, the panel is open. */
  onBusy?: (busy: boolean) => void;
}

/** The console's table: chosen columns, keys, peek, selection; a card per row on a narrow window. */
export function DataTable<T extends RowData>(props: DataTableProps<T>) {
  const { id, caption, columns, rows, rowKey, rowHref, peek, selection, outdated = false } = props;
  const t = useTranslations("table");
  const frame = useRef<HTMLDivElement>(null);
  const [choice, keepChoice] = useColumnChoice(id);
  const visible = useMemo(() => visibleColumns(columns, choice), [columns, choice]);

  const selected = selection?.selected;
  const rowSelection = useMemo(
    () => Object.fromEntries([...(selected ?? [])].map((key) => [key, true as const])),
    [selected],
  );
  const table = useTable({
    features,
    columns: useMemo(
      () => columns.map(({ id, header, fixed }) => ({ id, header, enableHiding: fixed !== true })),
      [columns],
    ),
    data: rows,
    getRowId: rowKey,
    state: { columnVisibility: visible, rowSelection },
    onRowSelectionChange: (change) =>
      selection?.onChange(new Set(Object.keys(functionalUpdate(change, rowSelection)))),
  });
  // Rows are drawn again when what they are given changes: the handler stays the same, whatever the table is by now.
  const latest = useRef(table);
  useEffect(() => void (latest.current = table));
  const select = useCallback(
    (key: string, event: ChangeEvent<HTMLInputElement>) =>
      latest.current.getRow(key).getToggleSelectedHandler()(event),
    [],
  );
  const shown = useMemo(() => columns.filter((column) => visible[column.id]), [columns, visible]);
  const titleId = (shown.find((column) => column.narrow === "title") ?? shown[0])?.id;

  const keys = useMemo(() => rows.map(rowKey), [rows, rowKey]);
  const byKey = useMemo(() => new Map(rows.map((row) => [rowKey(row), row])), [rows, rowKey]);
  const hrefOf = (key: string) => {
    const row = byKey.get(key);
    return (row === undefined ? props.absent?.href(key) : rowHref?.(row)) ?? null;
  };
  const cursor = useRowCursor({
    frame,
    keys,
    hrefOf,
    peeks: peek !== undefined,
    select: selection && ((key) => table.getRow(key).toggleSelected()),
    leaveSelection: selected?.size ? () => selection?.onChange(new Set()) : null,
  });

  const tellBusy = useEffectEvent((busy: boolean) => props.onBusy?.(busy));
  useEffect(() => tellBusy(cursor.busy), [cursor.busy]);

  const peekedRow = cursor.peeked === null ? undefined : byKey.get(cursor.peeked);
  const here = keys.filter((key) => selected?.has(key)).length;
  const tracks = [
    ...(selection ? ["2rem"] : []),
    ...shown.map((column) => column.width ?? "minmax(6rem, 1fr)"),
    "2rem",
  ];

  return (
    <>
      {rows.length === 0 ? (
        props.empty
      ) : (
        <div className={classes.frame} ref={frame}>
          <table
            className={classes.table}
            aria-busy={outdated}
            style={{ "--tracks": tracks.join(" ") } as CSSProperties}
          >
            <caption className={classes.caption}>{caption}</caption>
            <thead>
              <tr>
                {selection && (
                  <th scope="col" className={classes.select}>
                    <Checkbox
                      size="xs"
                      aria-label={t("selectAll")}
                      checked={here === rows.length}
                      indeterminate={here > 0 && here < rows.length}
                      onChange={table.getToggleAllRowsSelectedHandler()}
                    />
                  </th>
                )}
                {shown.map((column) => (
                  <th key={column.id} scope="col" data-align={column.align} aria-sort={column.sorted}>
                    {column.header}
                    {column.sorted !== undefined && <SortMark sorted={column.sorted} />}
                  </th>
                ))}
                <th scope="col" className={classes.tools}>
                  <VisuallyHidden>{t("tools")}</VisuallyHidden>
                  <ColumnMenu columns={columns} visible={visible} choice={choice} keep={keepChoice} />
                </th>
              </tr>
            </thead>
            {/* The keys of the focused row's own link, heard once for all rows. */}
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
            <tbody onPointerOver={tellCutText} {...cursor.rowEvents}>
              {table.getRowModel().rows.map(({ original, id: key }) => (
                <DataTableRow
                  key={key}
                  row={original}
                  rowKey={key}
                  columns={shown}
                  titleId={titleId}
                  href={rowHref?.(original) ?? null}
                  selected={selection ? rowSelection[key] === true : null}
                  cursor={cursor.key === key}
                  peeked={cursor.peeked === key}
                  onPeek={peek === undefined ? null : cursor.peek}
                  clickPeeks={cursor.peeked !== null}
                  onSelect={select}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {selection && (
        <SelectionBar count={selection.selected.size} here={here} clear={() => selection.onChange(new Set())}>
          {props.bulk?.([...selection.selected])}
        </SelectionBar>
      )}
      {peek !== undefined && cursor.peeked !== null && (
        <PeekPanel caption={caption} href={hrefOf(cursor.peeked)} move={cursor.move} close={cursor.closePeek}>
          {peekedRow !== undefined ? peek(peekedRow) : (props.absent?.peek(cursor.peeked) ?? t("rowAbsent"))}
        </PeekPanel>
      )}
    </>
  );
}

function SortMark({ sorted }: { sorted: "ascending" | "descending" }) {
  const Arrow = sorted === "ascending" ? IconArrowUp : IconArrowDown;
  return <Arrow size={13} className={classes.sort} aria-hidden />;
}

/** What a cell has cut off is told on hover. */
function tellCutText(event: PointerEvent<HTMLElement>) {
  const cell = event.target instanceof Element ? event.target.closest("td") : null;
  if (cell === null) return;
  if (cell.scrollWidth > cell.clientWidth) cell.title = cell.textContent;
  else cell.removeAttribute("title");
}
