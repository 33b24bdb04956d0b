import { type Pool, inTransaction } from "../../db.ts";
import { type AuditBy, appendAudit } from "../../store/audit.ts";
import {
  type AuditDetail,
  type AuditFilter,
  listAuditDetails,
  newestAuditId,
} from "../../store/audit-log.ts";

export const EXPORT_FORMATS = ["csv", "jsonl"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

const PAGE = 500;
const COLUMNS = [
  "id",
  "at",
  "actorName",
  "actorId",
  "action",
  "targetKind",
  "targetId",
  "targetLabel",
  "reason",
  "ip",
  "userAgent",
  "before",
  "after",
] as const satisfies readonly (keyof AuditDetail)[];

/**
 * All lines that match and stand in the log by now, newest first, as pieces of a file. Read page by page: memory does not grow with the log. The
 * export itself is in the log before its first line is handed out; a stream that breaks off stays recorded as well.
 */
export async function* exportAudit(
  db: Pool,
  input: { filter: AuditFilter; format: ExportFormat; by: AuditBy; signal: AbortSignal },
): AsyncGenerator<string, void> {
  const { filter, format } = input;
  const newest = await newestAuditId(db);
  await inTransaction(db, (tx) =>
    appendAudit(tx, {
      ...input.by,
      action: "audit.export",
      targetKind: "audit",
      targetId: format,
      after: Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== null)),
    }),
  );
  if (format === "csv") yield `\uFEFF${COLUMNS.join(",")}\r\n`;
  const write = format === "csv" ? csvLine : jsonLine;
  let before: string | null = String(BigInt(newest) + 1n);
  do {
    const page: Awaited<ReturnType<typeof listAuditDetails>> = await listAuditDetails(db, {
      filter,
      before,
      limit: PAGE,
    });
    if (page.lines.length > 0) yield page.lines.map(write).join("");
    before = page.next;
  } while (before !== null && !input.signal.aborted);
}

/** One object a line. */
export function jsonLine(line: AuditDetail): string {
  return `${JSON.stringify(Object.fromEntries(COLUMNS.map((column) => [column, line[column] ?? null])))}\n`;
}

/** One record by RFC 4180. */
export function csvLine(line: AuditDetail): string {
  return `${COLUMNS.map((column) => csvCell(line[column])).join(",")}\r\n`;
}

/**
 * A cell that no spreadsheet takes for a formula: what begins like one gets an apostrophe before it. Somebody who can
 * have a line written, a refused sign-in will do, must not be able to run something where the log is opened.
 */
function csvCell(value: unknown): string {
  const text =
    value === null || value === undefined
      ? ""
      : value instanceof Date
        ? value.toISOString()
        : typeof value === "string"
          ? value
          : JSON.stringify(value);
  return `"${(isFormula(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}

/** What a spreadsheet may take for one: the signs that begin formulas, wide ones too, behind any blanks. */
function isFormula(text: string): boolean {
  return /^[\t\r\n]/.test(text) || /^[=+\-@|%＝＋－＠]/.test(text.trimStart());
}
