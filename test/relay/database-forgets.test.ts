import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { startPostgres } from "../../local/postgres.ts";
import { openTemporaryFolder } from "../../local/unprivileged-user.ts";
import { projectRoot } from "../../server/config/project-root.ts";
import { createPool } from "../../server/db.ts";
import { silentLog } from "../../server/log.ts";
import { migrate } from "../../server/store/migrate.ts";
import { insertReady } from "../../server/store/store-messages.ts";
import { RelayMetrics } from "../../workers/relay/relay-metrics.ts";
import { Relay } from "../../workers/relay/relay.ts";
import { createTopic, kafkaBootstrap } from "../support/kafka.ts";
import { declare, newMessage } from "../support/messages.ts";
import { readAll } from "./read-all.ts";
import { countInState, settingsOf, useRelay, waitForState } from "./relay-fixture.ts";

const fixture = useRelay();
const COUNT = 60;

test("a database that forgets its last commits does not make the relay send them twice", async () => {
  const folder = mkdtempSync(join(tmpdir(), "surelay-forgets-"));
  openTemporaryFolder(folder);
  // Commits wait in the server's memory: killed, it loses what the relay marked, as a standby that takes over may.
  const start = (port?: number) =>
    startPostgres({
      dataDir: join(folder, "postgres"),
      port,
      settings: {
        fsync: "off",
        synchronous_commit: "off",
        wal_writer_delay: "10000",
        checkpoint_timeout: "1h",
      },
    });
  let postgres = await start();
  const pool = createPool({ url: postgres.url, max: 4, name: "test", log: silentLog });
  const hot = createPool({ url: postgres.url, max: 4, name: "test hot", log: silentLog, hot: true });
  await migrate({
    url: postgres.url,
    folder: join(projectRoot(), "prisma/migrations"),
    lanes: 2,
    idPastSeconds: 3600,
    partitionsAheadDays: 1,
  });
  const topic = await createTopic();
  const of = { ...(await declare(pool, { topic })), lanes: 2 };
  const relay = new Relay({
    settings: { ...settingsOf(`${fixture.env}f`), pollMs: 60_000 }, // it does not notice by itself that the database was away
    kafka: fixture.kafka(),
    db: pool,
    hot,
    log: silentLog,
    metrics: new RelayMetrics(new Registry()),
    tick: () => undefined,
    report: () => undefined,
  });
  try {
    relay.start();
    await expect.poll(() => relay.lanes().length, { timeout: 20_000 }).toBe(2);
    const writer = createPool({
      url: `${postgres.url}?options=-csynchronous_commit%3Don`,
      max: 1,
      name: "w",
      log: silentLog,
    });
    await insertReady(
      writer,
      Array.from({ length: COUNT }, (_, n) => newMessage(of, { key: `k${n % 7}` })),
    );
    await writer.end();
    relay.wake("");
    await waitForState(pool, of.topicId, "SENT", COUNT);
    await postgres.kill();
    postgres = await start(postgres.port);

    relay.wake("");
    await expect
      .poll(() => countInState(pool, of.topicId, "SENT").catch(() => -1), { timeout: 30_000 })
      .toBe(COUNT);
    expect((await readAll(topic, kafkaBootstrap())).length).toBe(COUNT);
    const { rows } = await pool.query<{ n: number }>(
      "SELECT count(*)::int AS n FROM message_state WHERE broker_offset IS NULL",
    );
    expect(rows[0]!.n).toBe(COUNT); // it had forgotten, and was told by the markers
  } finally {
    await relay.stop();
    await Promise.all([pool.end(), hot.end()]);
    await postgres.stop({ immediate: true });
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a progress topic that was made anew is read from its beginning", async () => {
  const topic = await fixture.topic();
  await fixture.database.pool.query("UPDATE lane SET progress_offset = 1000000");
  fixture.start();
  await fixture.store(topic, [{ key: "a" }, { key: "b" }, { key: "c" }]);
  await waitForState(fixture.database.pool, topic.topicId, "SENT", 3);
  const { rows } = await fixture.database.pool.query<{ high: string }>(
    "SELECT max(progress_offset) AS high FROM lane",
  );
  expect(Number(rows[0]!.high)).toBeLessThan(1000);
});
