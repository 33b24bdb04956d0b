import type { Queryable } from "../db.ts";
import {
  deliveryCandidates,
  type DeliveryFilter,
  type DeliveryKey,
  type DeliveryOrder,
} from "./delivery-filter.ts";
import { DUE_NOW } from "./due-now.ts";

export interface DeliveryScan {
  filter: DeliveryFilter;
  /** Null: from the beginning. */
  after: DeliveryKey | null;
  order: DeliveryOrder;
  /** Most deliveries found. */
  limit: number;
  /** Most deliveries looked at. */
  scanLimit: number;
  /** No further step begins after this, ms. Default 120: with the last step a page takes less than 200. */
  timeLimitMs?: number;
}

export interface FoundDeliveries {
  keys: DeliveryKey[];
  /** Where the next page begins; null: everything was seen. */
  next: DeliveryKey | null;
  /** False: a limit was met before `limit` were found; the next page goes on from there. */
  complete: boolean;
  scanned: number;
}

const FIRST_STEP = 500;
const LARGEST_STEP = 20_000;

/** Deliveries by keyset, step by step: each looks at so many candidates, fits or not, so that none takes long. */
export async function findDeliveries(db: Queryable, scan: DeliveryScan): Promise<FoundDeliveries> {
  const { filter, order, limit, scanLimit, timeLimitMs = 120 } = scan;
  const until = performance.now() + timeLimitMs;
  const keys: DeliveryKey[] = [];
  let { after } = scan;
  let scanned = 0;
  for (let n = Math.max(FIRST_STEP, limit + 1); ; n = Math.min(LARGEST_STEP, n * 4)) {
    const step = await lookAt(db, filter, after, order, n);
    scanned += step.looked;
    const room = limit - keys.length;
    keys.push(...step.hits.slice(0, room));
    if (step.hits.length > room) return { keys, next: keys.at(-1) ?? after, complete: true, scanned };
    if (step.looked < n) return { keys, next: null, complete: true, scanned };
    after = step.last;
    if (scanned >= scanLimit || performance.now() >= until)
      return { keys, next: after, complete: keys.length === limit, scanned };
  }
}

interface Row {
  message_id: string;
  subscription_id: number;
  hit: boolean;
}

async function lookAt(
  db: Queryable,
  filter: DeliveryFilter,
  after: DeliveryKey | null,
  order: DeliveryOrder,
  n: number,
) {
  const { params, sql, judge } = deliveryCandidates(filter, after, order, n);
  const way = order === "newest" ? "DESC" : "ASC";
  // Only hits travel, and the last candidate, which is where the next step begins.
  const { rows } = await db.query<Row & { looked: number }>({
    text: `WITH candidate AS MATERIALIZED (${sql}), judged AS MATERIALIZED (
        SELECT c.message_id, c.subscription_id, c.fits${judge === null ? "" : ` AND (${judge})`} AS hit
        FROM candidate c ${judge === null ? "" : "CROSS JOIN LATERAL (SELECT * FROM delivery o WHERE o.message_id = c.message_id AND o.subscription_id = c.subscription_id OFFSET 0) d"}
      ), edge AS (
        SELECT message_id, subscription_id FROM candidate
        ORDER BY message_id ${order === "newest" ? "ASC" : "DESC"}, subscription_id ${order === "newest" ? "ASC" : "DESC"} LIMIT 1)
      SELECT j.message_id, j.subscription_id, coalesce(j.hit, false) AS hit, (SELECT count(*)::int FROM candidate) AS looked
      FROM (SELECT message_id, subscription_id, hit FROM judged WHERE hit
            UNION ALL SELECT message_id, subscription_id, false FROM edge) j
      ORDER BY j.message_id ${way}, j.subscription_id ${way}, j.hit DESC`,
    values: params.values,
  });
  const keyOf = (row: Row): DeliveryKey => ({
    messageId: row.message_id,
    subscriptionId: row.subscription_id,
  });
  const last = rows.at(-1);
  return {
    hits: rows.filter((row) => row.hit).map(keyOf),
    looked: last?.looked ?? 0,
    last: last ? keyOf(last) : after,
  };
}

/** The database's clock in whole milliseconds, as `moved_at` is kept. */
export async function readDeliveryClock(db: Queryable): Promise<Date> {
  const { rows } = await db.query<{ now: Date }>({
    name: "read-delivery-clock",
    text: `SELECT ${DUE_NOW} AS now`,
  });
  return rows[0]!.now;
}

export interface DeliveryCount {
  count: number;
  /** There are more than `count`. */
  capped: boolean;
}

/** How many deliveries fit, counted to `most`, or as far as `scanLimit` and the time let it. */
export async function countDeliveriesUpTo(
  db: Queryable,
  filter: DeliveryFilter,
  most: number,
  scanLimit: number,
): Promise<DeliveryCount> {
  let count = 0;
  let after: DeliveryKey | null = null;
  const until = performance.now() + 500;
  for (;;) {
    const found: FoundDeliveries = await findDeliveries(db, {
      filter,
      after,
      order: "oldest",
      limit: most - count,
      scanLimit,
      timeLimitMs: Math.max(0, until - performance.now()),
    });
    count += found.keys.length;
    if (found.next === null) return { count, capped: false };
    if (count >= most || performance.now() >= until) return { count, capped: true };
    after = found.next;
  }
}
