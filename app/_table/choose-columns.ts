import type { Column } from "./column.ts";

/** What an operator chose for one table: columns shown or hidden against what they are by default, by id. */
export type ColumnChoice = Readonly<Record<string, boolean>>;

type Choosable = Pick<Column<never>, "id" | "optional" | "fixed">;

/** Which columns are shown. A choice about a column that is fixed or no longer there does not count. Pure. */
export function visibleColumns(columns: readonly Choosable[], choice: ColumnChoice): Record<string, boolean> {
  return Object.fromEntries(
    columns.map(({ id, fixed, optional }) => [id, fixed === true || (choice[id] ?? optional !== true)]),
  );
}

/** The choice with one column shown or hidden; what equals the default is forgotten, so that defaults may change. Pure. */
export function chooseColumn(
  columns: readonly Choosable[],
  choice: ColumnChoice,
  id: string,
  shown: boolean,
): ColumnChoice {
  const { [id]: _before, ...others } = choice;
  const column = columns.find((one) => one.id === id);
  if (column === undefined || column.fixed || shown === (column.optional !== true)) return others;
  return { ...others, [id]: shown };
}

/** What was kept, or nothing where it cannot be read. Pure. */
export function readColumnChoice(kept: string | null): ColumnChoice {
  if (kept === null) return {};
  try {
    const choice: unknown = JSON.parse(kept);
    if (typeof choice !== "object" || choice === null) return {};
    return Object.fromEntries(Object.entries(choice).filter(([, shown]) => typeof shown === "boolean"));
  } catch {
    return {};
  }
}
