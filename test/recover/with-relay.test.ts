import { Registry } from "prom-client";
import { afterEach, expect, test } from "vitest";
import { readConfig } from "../../server/config/config.ts";
import { silentLog } from "../../server/log.ts";
import { compareDeliveryFlow } from "../../server/store/delivery-flow-upkeep.ts";
import { resendRejected } from "../../server/store/resend-rejected.ts";
import { storeVersion } from "../../server/store/message-versions.ts";
import { startRecover } from "../../workers/recover/start-recover.ts";
import type { ProcessContext } from "../../workers/runtime/process.ts";
import { createTopic, kafkaBootstrap } from "../support/kafka.ts";
import { subscribe } from "../support/subscriptions.ts";
import { header, readAll } from "../relay/read-all.ts";
import { useRelay, waitForState } from "../relay/relay-fixture.ts";

const fixture = useRelay();
const WAIT = { timeout: 40_000, interval: 50 };

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

async function startRecovery(): Promise<void> {
  const stopping = new AbortController();
  const context: ProcessContext = {
    kind: "recover",
    instance: "test",
    config: readConfig({ DATABASE_URL: fixture.database.url }),
    databaseUrl: fixture.database.url,
    pool: fixture.database.pool,
    log: silentLog,
    metrics: new Registry(),
    signal: stopping.signal,
    tick: () => undefined,
    report: () => undefined,
    isQuiet: () => false,
  };
  const worker = await startRecover(context);
  stops.push(() => {
    stopping.abort();
    return worker.stop();
  });
}

test("nobody answers: each attempt is in the broker once, then the dead letter, with the newest version of what was edited", async () => {
  const topic = await fixture.topic();
  const subscription = await subscribe(fixture.database.pool, {
    topic: topic.topic,
    name: "shipping",
    deadLetterTopic: true,
    ackTimeoutSeconds: 1,
    retry: { maxAttempts: 3, firstDelaySeconds: 0.1, factor: 1, jitter: 0 },
  });
  for (const own of ["retry", "dlq"]) await createTopic({ name: `${topic.topic}.shipping.${own}` });
  fixture.start();
  const messages = await fixture.store(topic, [{ key: "a" }, { key: "b" }, { key: "c" }]);
  await waitForState(fixture.database.pool, topic.topicId, "SENT", 3);
  const edited = messages[1]!.id;
  await storeVersion(fixture.database.pool, {
    messageId: edited,
    basedOn: 1,
    contentType: "text/plain",
    headers: '{"mended":"yes"}',
    payload: Buffer.from("mended"),
    editedBy: "ada",
    reason: "a wrong total",
    note: null,
  });
  await Promise.all([startRecovery(), startRecovery()]);
  const dead = async () => {
    const { rows } = await fixture.database.pool.query<{ n: number }>(
      "SELECT count(*)::int AS n FROM delivery WHERE subscription_id = $1 AND state = 'DEAD'",
      [subscription.id],
    );
    return rows[0]!.n;
  };
  await expect.poll(dead, WAIT).toBe(3);
  const queued = async () => (await fixture.database.pool.query("SELECT FROM resend")).rowCount;
  await expect.poll(queued, WAIT).toBe(0);

  const retried = await readAll(`${topic.topic}.shipping.retry`, kafkaBootstrap());
  const told = retried.map((record) => `${header(record, "ce_id")} ${header(record, "surelay-attempt")}`);
  expect(told.toSorted()).toEqual(messages.flatMap(({ id }) => [`${id} 2`, `${id} 3`]).toSorted());
  const letters = await readAll(`${topic.topic}.shipping.dlq`, kafkaBootstrap());
  expect(letters.map((record) => header(record, "ce_id") ?? "").toSorted()).toEqual(
    messages.map(({ id }) => id).toSorted(),
  );
  for (const record of [...retried, ...letters]) {
    const isEdited = header(record, "ce_id") === edited;
    expect(record.value?.toString()).toBe(isEdited ? "mended" : "{}");
    expect(header(record, "content-type")).toBe(isEdited ? "text/plain" : "application/json");
    expect(header(record, "mended")).toBe(isEdited ? "yes" : undefined);
  }
  expect(letters.map((record) => header(record, "surelay-dead-reason"))).toEqual(
    Array(3).fill("its attempts are used up: 3 of 3"),
  );
  expect(await compareDeliveryFlow(fixture.database.pool)).toEqual([]);
});

test("a rejected message that was edited goes out as its newest version", async () => {
  const topic = await fixture.topic({ config: { "max.message.bytes": "2000" } });
  fixture.start();
  const [message] = await fixture.store(topic, [{ payload: Buffer.alloc(10_000, "x") }]);
  await waitForState(fixture.database.pool, topic.topicId, "REJECTED", 1);
  const version = { messageId: message!.id, contentType: "text/plain", headers: "{}", editedBy: "ada" };
  for (const [basedOn, text] of [
    [1, "still wrong"],
    [2, "short"],
  ] as const)
    await storeVersion(fixture.database.pool, {
      ...version,
      basedOn,
      payload: Buffer.from(text),
      reason: "too large",
      note: null,
    });
  expect(await resendRejected(fixture.database.pool, message!.id)).toBe(2);
  await waitForState(fixture.database.pool, topic.topicId, "SENT", 1);
  const records = await readAll(topic.topic, kafkaBootstrap());
  expect(records.map((record) => record.value?.toString())).toEqual(["short"]);
});
