import type pg from "pg";
import { createPool } from "../../server/db.ts";
import { laneOf } from "../../server/domain/lane.ts";
import { newMessageId } from "../../server/domain/message-id.ts";
import { silentLog } from "../../server/log.ts";
import { type CheckAnswer, askLater, giveUpChecked } from "../../server/store/apply-checks.ts";
import { cancelMessages } from "../../server/store/cancel-messages.ts";
import { insertPrepared } from "../../server/store/store-messages.ts";

/** What a producer answered. */
export type Answered = Pick<CheckAnswer, "outcome" | "error" | "detail" | "status" | "body">;

export const UNKNOWN: Answered = {
  outcome: "unknown",
  error: null,
  detail: null,
  status: 200,
  body: '{"outcome":"unknown"}',
};
export const BROKEN: Answered = {
  outcome: "failed",
  error: "http_status",
  detail: "status 500, where only 200 counts",
  status: 500,
  body: '{"error":"relation \\"orders\\" does not exist"}',
};
export const SILENT: Answered = {
  outcome: "failed",
  error: "timeout",
  detail: "no complete answer within 5 s",
  status: null,
  body: null,
};

export interface Waiting {
  app: string;
  topic?: string;
  count: number;
  /** What was answered so far, first to last. */
  answers?: readonly Answered[];
  /** The last answer was the last attempt. */
  undecided?: boolean;
  /** Seconds from now; negative: overdue. */
  dueIn?: number;
}

/** An app that no other test uses. Without `checkUrl` nobody asks it. */
export async function declareApp(
  database: pg.Client,
  app: { name: string; checkUrl: string | null; maxAttempts?: number; afterSeconds?: number },
): Promise<void> {
  await database.query(
    `INSERT INTO app (name, contact, check_url, check_after_seconds, check_max_attempts, check_max_delay_seconds)
     VALUES ($1, 'Team Till, #till', $2, $3, $4, 1)
     ON CONFLICT (name) DO UPDATE SET check_url = excluded.check_url, check_max_attempts = excluded.check_max_attempts`,
    [app.name, app.checkUrl, app.afterSeconds ?? 1, app.maxAttempts ?? null],
  );
}

/** Brings messages where confirm processes would bring them, by the product's own statements. @returns ids, oldest first */
export async function leaveWaiting(databaseUrl: string, waiting: Waiting): Promise<string[]> {
  const { app, topic = "orders.created", count, answers = [], undecided = false, dueIn = 3600 } = waiting;
  const pool = createPool({ url: databaseUrl, max: 1, name: "e2e", log: silentLog });
  try {
    const { rows } = await pool.query<{ appId: number; topicId: number; lanes: number }>(
      `SELECT app.id AS "appId", topic.id AS "topicId", (SELECT count(*)::int FROM lane) AS lanes
       FROM app, topic WHERE app.name = $1 AND topic.name = $2`,
      [app, topic],
    );
    const { appId, topicId, lanes } = rows[0]!;
    const messages = Array.from({ length: count }, (_, n) => {
      const id = newMessageId();
      const businessKey = `ORD-2026-${String(4100 + n)}`;
      return {
        id,
        appId,
        topicId,
        lane: laneOf(topic, businessKey, id, lanes),
        key: businessKey,
        type: "shop.order.created",
        businessKey,
        contentType: "application/json",
        headers: null,
        traceparent: null,
        payload: Buffer.from(JSON.stringify({ order: 4100 + n, total: "128.40" })),
        deliverAt: null,
        checkAfterSeconds: 3600,
      };
    });
    await insertPrepared(pool, messages);
    const ids = messages.map(({ id }) => id).toSorted();
    for (const [n, answer] of answers.entries())
      await answerOnce(pool, ids, n, answer, undecided && n === answers.length - 1);
    if (!undecided)
      await pool.query(
        "UPDATE message_state SET check_at = now() + $2 * interval '1 s' WHERE id = ANY($1::uuid[]) AND state = 'PREPARED'",
        [ids, dueIn],
      );
    return ids;
  } finally {
    await pool.end();
  }
}

async function answerOnce(
  pool: ReturnType<typeof createPool>,
  ids: readonly string[],
  checks: number,
  answer: Answered,
  last: boolean,
): Promise<void> {
  const { rows } = await pool.query<{ id: string; lease: Date }>(
    "SELECT id, check_at AS lease FROM message_state WHERE id = ANY($1::uuid[]) AND state = 'PREPARED'",
    [ids],
  );
  const answers = rows.map((claim) => ({
    ...answer,
    claim: { ...claim, checks },
    url: "https://till.example.com/surelay/check",
    bodyCut: false,
    ageMs: 0,
    durationMs: answer.error === "timeout" ? 5000 : 6,
  }));
  const moved = last
    ? await giveUpChecked(
        pool,
        answers.map((one) => ({
          ...one,
          reason: `asked ${checks + 1} times; the last answer was "unknown"`,
        })),
      )
    : await askLater(
        pool,
        answers.map((one) => ({ ...one, delayMs: 3_600_000 })),
      );
  if (moved.size !== rows.length) throw new Error(`${rows.length - moved.size} answers did not count`);
}

/** Takes back what waits of an app, and whatever is known of its reachability. */
export async function clearWaiting(databaseUrl: string, app: string): Promise<void> {
  const pool = createPool({ url: databaseUrl, max: 1, name: "e2e", log: silentLog });
  try {
    const { rows } = await pool.query<{ id: string; appId: number }>(
      `SELECT s.id, s.app_id AS "appId" FROM message_state s JOIN app ON app.id = s.app_id
       WHERE app.name = $1 AND s.state IN ('PREPARED', 'UNDECIDED')`,
      [app],
    );
    await cancelMessages(pool, rows, "operator");
    await pool.query("DELETE FROM check_breaker b USING app WHERE app.id = b.app_id AND app.name = $1", [
      app,
    ]);
  } finally {
    await pool.end();
  }
}

/** An app that cannot be reached, and is not tried again while anybody looks. */
export async function openBreakerOf(database: pg.Client, app: string): Promise<void> {
  await database.query(
    `INSERT INTO check_breaker (app_id, state, since, probe_at, trips, failures, last_error)
     SELECT id, 'open', now() - interval '7 minutes', now() + interval '1 hour', 4, 9, 'connect ECONNREFUSED 203.0.113.9:8443'
     FROM app WHERE name = $1
     ON CONFLICT (app_id) DO UPDATE SET state = 'open', since = excluded.since, probe_at = excluded.probe_at,
       trips = excluded.trips, failures = excluded.failures, last_error = excluded.last_error,
       version = check_breaker.version + 1`,
    [app],
  );
}
