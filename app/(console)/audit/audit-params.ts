import { createLoader, parseAsIsoDateTime, parseAsString, parseAsStringLiteral } from "nuqs/server";
import { RECENTS, RECENT_SECONDS } from "../../_table/time-range.ts";

/** What the address of the page holds beside `peek`: a link shows a colleague the same lines. */
export const auditParams = {
  who: parseAsString,
  action: parseAsString,
  kind: parseAsString,
  target: parseAsString,
  q: parseAsString,
  /** A range that ends now. */
  recent: parseAsStringLiteral(RECENTS),
  from: parseAsIsoDateTime,
  to: parseAsIsoDateTime,
  /** Cursor: only lines older than this one. */
  before: parseAsString,
};

export const loadAuditParams = createLoader(auditParams);

export type AuditParams = Awaited<ReturnType<typeof loadAuditParams>>;

/** The address without any filter. */
export const NO_FILTER = {
  who: null,
  action: null,
  kind: null,
  target: null,
  q: null,
  recent: null,
  from: null,
  to: null,
  before: null,
} as const;

export const PAGE_SIZE = 50;

/** Whether anything narrows the log. */
export function isFiltered(params: AuditParams): boolean {
  const { who, action, kind, target, q, recent, from, to } = params;
  return [who, action, kind, target, q, recent, from, to].some(Boolean);
}

/** The filter behind an address. */
export function toAuditFilter(params: AuditParams) {
  return {
    actor: word(params.who, 200),
    action: word(params.action, 100),
    targetKind: word(params.kind, 60),
    targetId: word(params.target, 300),
    withinSeconds: params.recent === null ? null : RECENT_SECONDS[params.recent],
    from: params.from,
    to: params.to,
    text: word(params.q, 200),
  };
}

/** The query behind an address. A cursor that is no line's number is as good as none. */
export function toAuditQuery(params: AuditParams) {
  const before = params.before !== null && /^[1-9]\d{0,17}$/.test(params.before) ? params.before : null;
  return { filter: toAuditFilter(params), before, limit: PAGE_SIZE };
}

/** Where the same lines are to be had as a file. */
export function exportHref(params: AuditParams, format: "csv" | "jsonl"): string {
  const given = Object.entries(toAuditFilter(params)).flatMap(([name, value]) =>
    value === null ? [] : [[name, value instanceof Date ? value.toISOString() : String(value)]],
  );
  return `/api/audit/export?${new URLSearchParams([...given, ["format", format]])}`;
}

function word(text: string | null, longest: number): string | null {
  const trimmed = text?.trim().slice(0, longest);
  return trimmed ? trimmed : null;
}
