import { parseArgs } from "node:util";
import { createPool, type Pool, type PoolClient } from "../../server/db.ts";
import { newMessageId } from "../../server/domain/message-id.ts";
import { completeSubscription } from "../../server/domain/subscription.ts";
import { silentLog } from "../../server/log.ts";
import { confirmMessages } from "../../server/store/confirm-messages.ts";
import { acquireLane } from "../../server/store/lanes.ts";
import type { LaneHold } from "../../server/store/guarded-write.ts";
import { markSent, readReady } from "../../server/store/ready-messages.ts";
import { insertSubscription } from "../../server/store/subscriptions.ts";
import { insertPrepared, type NewMessage } from "../../server/store/store-messages.ts";
import { printFigures, printTable, quantile, round } from "../support/report.ts";
import { startScratchDatabase } from "../support/scratch-database.ts";

/**
 * What a message costs one PostgreSQL connection from prepare to SENT, statement by statement: wall time of the statement
 * as this process sees it (so its own encoding is in it), median over the batches.
 *
 * --messages N     per measurement (default 20,000)
 * --stored N       size of the grown table (default 5,000,000)
 * --backlog N      READY rows of the last measurement (default 1,000,000)
 * --days N         days over which the stored messages are spread (default 30)
 */
export async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      messages: { type: "string", default: "20000" },
      stored: { type: "string", default: "5000000" },
      backlog: { type: "string", default: "1000000" },
      days: { type: "string", default: "30" },
    },
  });
  const database = await startScratchDatabase({ idPastDays: 30 });
  const pool = createPool({
    url: database.url,
    max: 2,
    name: "bench",
    log: silentLog,
    hot: true,
    statementTimeoutMs: 0,
  });
  try {
    const messages = Number(values.messages);
    const small: Cost[] = [];
    const days = Number(values.days);
    await fill(pool, 10_000, "SENT", days);
    for (const size of [1, 50, 500])
      small.push(await measure(pool, size, size === 1 ? Math.min(messages, 3000) : messages));
    show("10 thousand stored messages", small);
    await subscribe(pool);
    const subscribed = await measure(pool, 500, messages, TRACKED);
    show("… to a topic with one explicit subscription", [subscribed]);
    await fill(pool, Number(values.stored), "SENT", days);
    const large = [await measure(pool, 500, messages)];
    show(`${Number(values.stored).toLocaleString("en")} stored messages`, large);
    await fill(pool, Number(values.backlog), "READY", days);
    const backlog = [await measure(pool, 500, messages)];
    show(`… and a backlog of ${Number(values.backlog).toLocaleString("en")} READY`, backlog);
    const base = small.at(-1)!.total;
    printFigures("store", {
      unit: "µs of one connection per message",
      stored10k: small,
      oneSubscription: subscribed,
      growthSubscription: round(subscribed.total / small.at(-1)!.total, 2),
      storedLarge: large[0],
      withBacklog: backlog[0],
      growthLarge: round(large[0]!.total / base, 2),
      growthBacklog: round(backlog[0]!.total / base, 2),
    });
  } finally {
    await pool.end();
    await database.stop();
  }
}

interface Cost {
  batch: number;
  prepare: number;
  confirm: number;
  read: number;
  sent: number;
  total: number;
}

function show(title: string, costs: Cost[]): void {
  printTable(
    `${title}: µs per message`,
    costs.map((c) => ({ ...c })),
  );
}

const APP = 1;
const TOPIC = 1;
/** Has a subscription; the other one has none. */
const TRACKED = 2;
const LANE = 0;
const PAYLOAD = Buffer.from(JSON.stringify({ text: "p".repeat(289) }));

async function subscribe(pool: Pool): Promise<void> {
  const topic = "orders.tracked";
  await pool.query("INSERT INTO topic (id, name, partitions) VALUES ($1, $2, 6)", [TRACKED, topic]);
  const retry = await pool.query<{ id: number }>(
    "INSERT INTO topic (id, name, kind, partitions) VALUES (3, $1, 'retry', 6) RETURNING id",
    [`${topic}.shipping.retry`],
  );
  const spec = completeSubscription({ topic, name: "shipping" });
  await insertSubscription(pool, spec, { retry: retry.rows[0]!.id, deadLetter: null });
}

async function measure(pool: Pool, size: number, messages: number, topicId = TOPIC): Promise<Cost> {
  const client = await pool.connect();
  const lease = await acquireLane(client, { lane: LANE, owner: "bench", ttlMs: 3_600_000 });
  const hold = { lane: LANE, epoch: lease!.epoch };
  const times = {
    prepare: [] as number[],
    confirm: [] as number[],
    read: [] as number[],
    sent: [] as number[],
  };
  const batches = Math.max(5, Math.floor(messages / size));
  await client.query("CHECKPOINT");
  for (let i = 0; i < batches; i++) {
    const counted = i >= Math.min(20, batches / 4);
    await lifeOf(client, hold, { size, topicId }, times, counted);
  }
  client.release();
  const median = (of: number[]) => round((quantile(of, 0.5) * 1000) / size);
  const cost = {
    prepare: median(times.prepare),
    confirm: median(times.confirm),
    read: median(times.read),
    sent: median(times.sent),
  };
  return { batch: size, ...cost, total: round(cost.prepare + cost.confirm + cost.read + cost.sent) };
}

async function lifeOf(
  client: PoolClient,
  hold: LaneHold,
  { size, topicId }: { size: number; topicId: number },
  times: Record<"prepare" | "confirm" | "read" | "sent", number[]>,
  counted: boolean,
): Promise<void> {
  const batch: NewMessage[] = Array.from({ length: size }, (_, i) => ({
    id: newMessageId(),
    appId: APP,
    topicId,
    lane: LANE,
    key: `customer-${i % 100}`,
    type: "order.created",
    businessKey: `order-${i}`,
    contentType: "application/json",
    headers: null,
    traceparent: null,
    payload: PAYLOAD,
    deliverAt: null,
    checkAfterSeconds: 30,
  }));
  const timed = async <T>(into: number[], work: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    const result = await work();
    if (counted) into.push(performance.now() - start);
    return result;
  };
  await timed(times.prepare, () => insertPrepared(client, batch));
  await timed(times.confirm, () => confirmMessages(client, batch, "producer"));
  const ready = await timed(times.read, () => readReady(client, LANE, { limit: size, maxBytes: 1 << 30 }));
  const marked = await timed(times.sent, () =>
    markSent(client, {
      ...hold,
      progressOffset: 0n,
      sent: ready.map((m, i) => ({ id: m.id, partition: i % 6, offset: BigInt(1_000_000 + i) })),
    }),
  );
  if (marked.moved !== size) throw new Error(`${marked.moved} of ${size} messages were marked`);
}

/** Rows as traffic would have left them: SENT ones spread over the last days, READY ones over the last hour. */
async function fill(pool: Pool, count: number, state: "SENT" | "READY", days: number): Promise<void> {
  const start = performance.now();
  await pool.query("INSERT INTO app (name) VALUES ('orders') ON CONFLICT DO NOTHING");
  await pool.query(
    "INSERT INTO topic (name, partitions) VALUES ('orders.created', 6) ON CONFLICT DO NOTHING",
  );
  const span = state === "SENT" ? `${days * 24 - 1} hours` : "1 hour";
  const step = 500_000;
  for (let done = 0; done < count; done += step) {
    const n = Math.min(step, count - done);
    await pool.query(
      `WITH fresh AS MATERIALIZED (
         SELECT n, (substr(surelay_uuid_floor(now() - interval '${span}' * (($1::bigint - $2 - n)::float8 / $1))::text, 1, 14)
           || '7' || substr(md5(n::text || $2::text || $1::text || '${state}'), 1, 3) || '-8' || substr(md5(n::text || $2::text || '${state}'), 4, 3) || '-'
           || substr(md5($2::text || n::text || '${state}'), 7, 12))::uuid AS id
         FROM generate_series(0, $3::int - 1) AS n
       ), content AS (
         INSERT INTO message (id, app_id, topic_id, lane, key, type, business_key, content_type, payload)
         SELECT id, 1, 1, n % 4, 'customer-' || n % 100, 'order.created', 'order-' || n, 'application/json', $4 FROM fresh
       )
       INSERT INTO message_state (id, app_id, topic_id, lane, state, ready_seq, decided_at, decided_by, sent_at, broker_partition, broker_offset)
       SELECT id, 1, 1, n % 4, '${state}', nextval('message_ready_seq'), now(), 'producer',
              ${state === "SENT" ? "now(), n % 6, n" : "NULL, NULL, NULL"} FROM fresh`,
      [count, done, n, PAYLOAD],
    );
  }
  await pool.query("VACUUM (ANALYZE) message_state");
  await pool.query("VACUUM (ANALYZE) message");
  await pool.query("CHECKPOINT");
  console.log(
    `filled ${count.toLocaleString("en")} ${state} in ${round((performance.now() - start) / 1000)} s`,
  );
}
