import type { ReactNode } from "react";

/** One column of a `DataTable`. Keep the array stable (`useMemo`): rows are drawn again when it changes. */
export interface Column<T> {
  /** Unique within the table; what the choice of columns is kept by. */
  id: string;
  header: string;
  cell: (row: T) => ReactNode;
  align?: "start" | "end";
  /** A grid track: `9rem`, `minmax(6rem, 2fr)`. Absent: shares what is left, at least 6rem. */
  width?: string;
  /** Not shown until it is chosen. */
  optional?: boolean;
  /** Cannot be hidden. */
  fixed?: boolean;
  /** What machines wrote: ids, keys. */
  mono?: boolean;
  /**
   * Its place on the card that a row becomes on a narrow window: the card's title (which carries the row's link; without
   * one the first column does), a badge beside it, a line with its name (the default), one as wide as the card, or nowhere.
   */
  narrow?: "title" | "badge" | "line" | "wide" | "hidden";
  /** Said by the header beside its name: the one order that the rows have. */
  sorted?: "ascending" | "descending";
}
