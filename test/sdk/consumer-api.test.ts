import { expect, test } from "vitest";
import { createConsumer, RetryMessage } from "../../sdk/consumer/index.ts";
import { pgDatabase } from "../../sdk/database/pg.ts";
import { useApi } from "../api/use-api.ts";
import { kafkaBootstrap } from "../support/kafka.ts";
import { declare } from "../support/messages.ts";
import { subscribe } from "../support/subscriptions.ts";
import { eventually, SUBSCRIPTION, useConsumers } from "./consumer/use-consumers.ts";

// The package against the service's own API.

const api = useApi();
const site = useConsumers();

test("the service learns what became of each message; a key without the scope holds offsets up until it is mended", async () => {
  const topics = await site.topics(1);
  await declare(api.database.pool, { topic: topics.topic });
  await subscribe(api.database.pool, { topic: topics.topic, name: SUBSCRIPTION });
  const fates = ["fine", "fails", "rejected"];
  const ids: string[] = [];
  for (const fate of fates) {
    const { body } = await api.client.send({ topic: topics.topic, payload: { fate } });
    ids.push(body.id as string);
    await topics.send([{ id: body.id as string, payload: { fate } }]);
  }
  const keys = { now: (await api.makeKey({ scopes: ["produce"] })).key };
  const running = site.start(topics, {
    ack: { url: `http://127.0.0.1:${api.port}`, key: () => keys.now },
    after: ({ payload }) => {
      const { fate } = payload as { fate: string };
      if (fate !== "fine")
        throw Object.assign(new Error(fate), { name: fate === "rejected" ? "RejectMessage" : "Error" });
    },
  });
  await eventually(() => running.troubles.some(({ messageId }) => messageId !== undefined));
  expect(running.troubles[0]!.error).toMatchObject({ code: "forbidden" });
  expect(await topics.lag(`${topics.topic}.${SUBSCRIPTION}`)).toBe(3);
  keys.now = (await api.makeKey({ scopes: ["consume"] })).key;
  await eventually(async () => (await topics.lag(`${topics.topic}.${SUBSCRIPTION}`)) === 0);
  const { rows } = await api.database.pool.query<{ message_id: string; state: string }>(
    "SELECT message_id, state::text FROM delivery",
  );
  const states = new Map(rows.map((row) => [row.message_id, row.state]));
  expect(ids.map((id) => states.get(id))).toEqual(["ACKED", "WAITING", "DEAD"]);
  await eventually(async () => (await site.effects(ids[0]!)) === 1);
});

test("the inbox is held against the schedule that the service has: at the start, and before anything is forgotten", async () => {
  const topics = await site.topics(1);
  const { pool } = api.database;
  await declare(pool, { topic: topics.topic });
  const retry = { maxAttempts: 100, maxDelaySeconds: 86_400 };
  const { id } = await subscribe(pool, { topic: topics.topic, name: SUBSCRIPTION, retry });
  const ack = { url: `http://127.0.0.1:${api.port}`, key: (await api.makeKey({ scopes: ["consume"] })).key };
  const forgetful = createConsumer({
    brokers: [kafkaBootstrap()],
    topic: topics.topic,
    subscription: SUBSCRIPTION,
    database: pgDatabase(pool),
    ack,
  });
  await expect(forgetful.run(() => undefined)).rejects.toThrow(/Keep the rows longer/);

  const running = site.start(topics, { ack, inbox: { retentionDays: 200, pruneEveryMinutes: 0.001 } });
  await eventually(async () => (await topics.lag(`${topics.topic}.${SUBSCRIPTION}`)) === 0);
  expect(running.troubles).toEqual([]);
  await pool.query("UPDATE subscription SET max_attempts = 1000 WHERE id = $1", [id]);
  await eventually(() => running.troubles.some(({ kind }) => kind === "upkeep"));
  expect(String(running.troubles.at(-1)!.error)).toMatch(/RangeError.*Keep the rows longer/);
});

test("in ordered mode a message is given up while the service still waits for it, and before the next of its key", async () => {
  const topics = await site.topics(1);
  const { pool } = api.database;
  await declare(pool, { topic: topics.topic });
  await subscribe(pool, { topic: topics.topic, name: SUBSCRIPTION, ordered: true, ackTimeoutSeconds: 3 });
  const ack = { url: `http://127.0.0.1:${api.port}`, key: (await api.makeKey({ scopes: ["consume"] })).key };
  const ids: string[] = [];
  for (const fate of ["fails", "later", "fine"]) {
    const { body } = await api.client.send({ topic: topics.topic, key: "A", payload: { fate } });
    ids.push(body.id as string);
    await topics.send([{ id: body.id as string, key: "A", payload: { fate } }]);
  }
  const loose = createConsumer({
    brokers: [kafkaBootstrap()],
    topic: topics.topic,
    subscription: SUBSCRIPTION,
    database: pgDatabase(pool),
    ack,
  });
  await expect(loose.run(() => undefined)).rejects.toThrow(/say ordered: true/);
  const running = site.start(topics, {
    ack,
    ordered: true,
    after: ({ payload }) => {
      const { fate } = payload as { fate: string };
      if (fate === "later") throw new RetryMessage("closed", { retryAfterSeconds: 60 });
      if (fate === "fails") throw new Error("no");
    },
  });
  await eventually(async () => (await topics.lag(`${topics.topic}.${SUBSCRIPTION}`)) === 0);
  expect(running.begun).toEqual([ids[0], ids[0], ids[1], ids[2]]);
  const { rows } = await pool.query<{ message_id: string; state: string; attempt: number }>(
    "SELECT message_id, state::text, attempt FROM delivery WHERE message_id = ANY($1::uuid[])",
    [ids],
  );
  const states = new Map(rows.map((row) => [row.message_id, `${row.state} ${row.attempt}`]));
  expect(ids.map((id) => states.get(id))).toEqual(["DEAD 1", "DEAD 1", "ACKED 1"]);
});

test("an address that is not the API's own settles nothing: it is told, from the start on", async () => {
  const topics = await site.topics(1);
  await declare(api.database.pool, { topic: topics.topic });
  await subscribe(api.database.pool, { topic: topics.topic, name: SUBSCRIPTION });
  const { body } = await api.client.send({ topic: topics.topic, payload: {} });
  const id = body.id as string;
  await topics.send([{ id, payload: {} }]);
  const { key } = await api.makeKey({ scopes: ["consume"] });
  const running = site.start(topics, { ack: { url: `http://127.0.0.1:${api.port}/v1`, key } });
  await eventually(() => running.troubles.some(({ messageId }) => messageId === id));
  expect(running.troubles.map(({ kind }) => kind)).toEqual(["acknowledgement", "acknowledgement"]);
  for (const { error } of running.troubles) expect(String(error)).toMatch(/not the address of Surelay's API/);
  expect(await topics.lag(`${topics.topic}.${SUBSCRIPTION}`)).toBe(1);
});
