import type { Pool } from "../../server/db.ts";
import { round } from "../support/report.ts";

export interface Seed {
  messages: number;
  /** Days over which they are spread, evenly. */
  days: number;
}

/** What the seeded messages hold, so that a measurement can ask for common and for rare things. */
export const SEEDED = {
  apps: 8,
  topics: 24,
  /** Topic n + 1 holds about half as many messages as topic n, as far as `topics` go; `topic.24` holds every 20,000th. */
  rareEvery: 20_000,
  /** Every key is used by about so many messages. */
  perKey: 20,
} as const;

const STEP = 250_000;

/**
 * Messages as traffic would have left them: most SENT, some CANCELLED, a backlog that is young, and what is stuck anywhere.
 * Indexes but the primary keys are made afterwards, which takes half the time.
 */
export async function seedMessages(db: Pool, { messages, days }: Seed): Promise<void> {
  const start = performance.now();
  await db.query(
    "SELECT surelay_make_partitions((now() AT TIME ZONE 'UTC')::date - $1::int, (now() AT TIME ZONE 'UTC')::date + 2)",
    [days + 1],
  );
  await db.query(`INSERT INTO app (name) SELECT 'app-' || n FROM generate_series(1, ${SEEDED.apps}) n`);
  await db.query(
    `INSERT INTO topic (name, partitions, masked) SELECT 'topic.' || n, 6, n = 6 FROM generate_series(1, ${SEEDED.topics}) n`,
  );
  const restore = await dropIndexes(db);
  for (let done = 0; done < messages; done += STEP)
    await db.query(INSERT, [messages, done, Math.min(STEP, messages - done), days * 24 - 1]);
  for (const index of restore) await db.query(index);
  for (const table of ["message", "message_state", "message_event"])
    await db.query(`VACUUM (ANALYZE) ${table}`);
  await db.query("CHECKPOINT");
  console.log(
    `stored ${messages.toLocaleString("en")} messages in ${round((performance.now() - start) / 1000)} s`,
  );
}

/** @returns what makes them again */
async function dropIndexes(db: Pool): Promise<string[]> {
  const { rows } = await db.query<{ name: string; sql: string }>(
    `SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS sql FROM pg_index i
     WHERE i.indrelid IN ('message'::regclass, 'message_state'::regclass) AND NOT i.indisprimary`,
  );
  for (const { name } of rows) await db.query(`DROP INDEX ${name}`);
  return rows.map(({ sql }) => sql.replace(" ON ONLY ", " ON "));
}

/** $1 messages in all, $2 stored before, $3 of this statement, $4 hours. The n-th is the n-th oldest. */
const INSERT = `
  WITH fresh AS MATERIALIZED (
    SELECT n, md5(n::text) AS h, now() - make_interval(secs => 3600 * $4::float8 * ($1::bigint - n) / $1::bigint) AS at
    FROM generate_series($2::bigint, $2::bigint + $3::bigint - 1) AS n
  ), shaped AS MATERIALIZED (
    SELECT n, h, at, (substr(surelay_uuid_floor(at)::text, 1, 14) || '7' || substr(h, 1, 3) || '-8' || substr(h, 4, 3) || '-' || substr(h, 7, 12))::uuid AS id,
           CASE WHEN n % ${SEEDED.rareEvery} = 7 THEN 24
                ELSE 1 + least(22, floor(-log(2, 1 - ('x' || substr(h, 20, 6))::bit(24)::int / 16777216.0)))::int END AS topic,
           ('x' || substr(h, 26, 6))::bit(24)::int / 16777216.0 AS chance, $1::bigint - n AS young
    FROM fresh
  ), told AS MATERIALIZED (
    SELECT *, 1 + topic % ${SEEDED.apps} AS app,
           CASE WHEN young <= 400 AND chance < 0.3 THEN 'PREPARED' WHEN young <= 2000 AND chance < 0.3 THEN 'READY'
                WHEN n % 50000 = 11 THEN 'PREPARED' WHEN n % 100000 = 13 THEN 'SCHEDULED'
                WHEN n % 40000 = 17 THEN 'UNDECIDED' WHEN n % 60000 = 19 THEN 'REJECTED'
                WHEN chance > 0.99 THEN 'CANCELLED' ELSE 'SENT' END::message_state_kind AS state
    FROM shaped
  ), content AS (
    INSERT INTO message (id, app_id, topic_id, lane, key, type, business_key, content_type, headers, payload)
    SELECT id, app, topic, n % 4, 'customer-' || ('x' || substr(h, 8, 7))::bit(28)::int % greatest(1, $1::bigint / ${SEEDED.perKey}),
           'type-' || topic || '-' || n % 3, 'order-' || n / 2, CASE WHEN n % 50 = 0 THEN 'text/plain' ELSE 'application/json' END, NULL,
           convert_to(CASE WHEN n % 50 = 0 THEN 'no json ' || repeat('p', 280) ELSE
             format('{"order":%s,"customer":{"id":%s,"tier":"%s"},"items":[{"sku":"S-%s","quantity":%s}],"paid":%s,"note":"%s"}',
               n, n % 1000, CASE n % 4 WHEN 0 THEN 'gold' ELSE 'standard' END, n % 5000, 1 + n % 9, (n % 2 = 0)::text, repeat('p', 180)) END, 'UTF8')
    FROM told
  )
  INSERT INTO message_state (id, app_id, topic_id, lane, state, ready_seq, stored_at, decided_at, decided_by, sent_at, check_at,
                             deliver_at, moved_at, broker_partition, broker_offset, reason)
  SELECT id, app, topic, n % 4, state,
         CASE WHEN state IN ('READY', 'SENT', 'REJECTED') THEN nextval('message_ready_seq') END, at,
         CASE WHEN state NOT IN ('PREPARED', 'UNDECIDED') THEN at + interval '40 ms' END,
         CASE WHEN state NOT IN ('PREPARED', 'UNDECIDED') THEN 'producer'::decider END,
         CASE WHEN state = 'SENT' THEN at + interval '60 ms' END,
         CASE WHEN state = 'PREPARED' THEN now() + interval '30 s' END,
         CASE WHEN state = 'SCHEDULED' THEN now() + interval '1 day' END,
         CASE WHEN state IN ('UNDECIDED', 'REJECTED') THEN at + interval '1 hour' END,
         CASE WHEN state = 'SENT' THEN n % 6 END, CASE WHEN state = 'SENT' THEN n END,
         CASE state WHEN 'UNDECIDED' THEN 'no answer to 8 check-backs' WHEN 'REJECTED' THEN 'MESSAGE_TOO_LARGE' END
  FROM told`;

/** The counters behind the overview, as the statements that move messages would have kept them. */
export async function seedFlow(db: Pool): Promise<void> {
  await db.query("DELETE FROM message_flow");
  await db.query("DELETE FROM message_flow_history");
  await db.query(
    `INSERT INTO message_flow (minute, state, app_id, topic_id, slot, entered, stored)
     SELECT date_bin('1 minute', greatest(stored_at, decided_at, moved_at), timestamptz 'epoch'), state, app_id, topic_id, -1,
            count(*), count(*) FILTER (WHERE state = 'PREPARED')
     FROM message_state WHERE state IN ('PREPARED', 'UNDECIDED', 'SCHEDULED', 'READY', 'REJECTED') GROUP BY 1, 2, 3, 4`,
  );
  await db.query(
    `INSERT INTO message_flow_history (minute, state, app_id, topic_id, entered, stored)
     SELECT date_bin('1 minute', step.at, timestamptz 'epoch'), step.state, s.app_id, s.topic_id, count(*),
            count(*) FILTER (WHERE step.first)
     FROM message_state s CROSS JOIN LATERAL (VALUES
       ('PREPARED'::message_state_kind, s.stored_at, s.state <> 'PREPARED', true),
       ('READY', s.decided_at, s.state IN ('SENT', 'REJECTED'), false),
       ('SENT', s.sent_at, s.state = 'SENT', false),
       ('CANCELLED', s.decided_at, s.state = 'CANCELLED', false)) AS step(state, at, passed, first)
     WHERE step.passed AND step.at IS NOT NULL AND s.id >= surelay_uuid_floor(now() - interval '7 days')
     GROUP BY 1, 2, 3, 4`,
  );
  await db.query("VACUUM (ANALYZE) message_flow");
  await db.query("VACUUM (ANALYZE) message_flow_history");
}
