/** How many rows the connection's last statement wrote, as column `n`. */
export const ROW_COUNT = "SELECT ROW_COUNT() AS n";

/** UTC, as columns of the type `datetime(3)` hold it. @param ms since the epoch */
export function mysqlTime(ms: number): string {
  return new Date(ms).toISOString().replace("T", " ").replace("Z", "");
}
