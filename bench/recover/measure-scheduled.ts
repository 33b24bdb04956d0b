import { setTimeout as sleep } from "node:timers/promises";
import { createPool } from "../../server/db.ts";
import { silentLog } from "../../server/log.ts";
import { insertReady } from "../../server/store/store-messages.ts";
import { startRecoverProcess } from "../../test/recover/start-recover-process.ts";
import { declare, newMessage } from "../../test/support/messages.ts";
import { quantile, round } from "../support/report.ts";

const BATCH = 500;
/** Between storing the last one and the first that is due. */
const AHEAD_MS = 3000;
const WITHIN_MS = 1000;

/**
 * Lateness of messages that come due within one second. A message is READY when the statement that moves it has committed,
 * which its notification tells: one statement, one notification, in the order of both.
 */
export async function measureScheduled(url: string, count: number) {
  const pool = createPool({ url, max: 4, name: "bench", log: silentLog });
  const recover = await startRecoverProcess(url, "recover-1");
  const listener = await pool.connect();
  try {
    const owner = await declare(pool);
    const first = Date.now() + AHEAD_MS + count / 10;
    const messages = Array.from({ length: count }, (_, i) =>
      newMessage(owner, { deliverAt: new Date(first + (i * WITHIN_MS) / count), payload: PAYLOAD }),
    );
    for (let i = 0; i < count; i += BATCH) await insertReady(pool, messages.slice(i, i + BATCH));
    if (Date.now() > first) throw new Error("the messages were due before all were stored");
    const committed: number[] = [];
    listener.on("notification", () => committed.push(Date.now()));
    await listener.query("LISTEN surelay_ready");
    const waiting = async () =>
      (
        await pool.query<{ n: number }>(
          "SELECT count(*)::int AS n FROM message_state WHERE state = 'SCHEDULED'",
        )
      ).rows[0]!.n;
    while ((await waiting()) > 0) await sleep(100);
    await listener.query("SELECT 1");
    const { rows } = await pool.query<{ statement: number; due: Date }>(
      `SELECT (dense_rank() OVER (ORDER BY moved_at))::int AS statement, deliver_at AS due
       FROM message_state WHERE deliver_at IS NOT NULL`,
    );
    const statements = Math.max(...rows.map((row) => row.statement));
    if (statements !== committed.length)
      throw new Error(`${statements} statements and ${committed.length} notifications`);
    const late = rows.map((row) => committed[row.statement - 1]! - row.due.getTime());
    return {
      messages: count,
      statements,
      p50: round(quantile(late, 0.5)),
      p99: round(quantile(late, 0.99)),
      worst: round(Math.max(...late)),
    };
  } finally {
    listener.release(true);
    recover.kill("SIGTERM");
    await recover.ended;
    await pool.end();
  }
}

const PAYLOAD = Buffer.from(JSON.stringify({ text: "p".repeat(289) }));
