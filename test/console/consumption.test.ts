import { expect, test } from "vitest";
import type { Operator } from "../../server/auth/read-operator.ts";
import { actOnDeliveries } from "../../server/services/deliveries/act-on-deliveries.ts";
import { ANY_DELIVERY } from "../../server/domain/delivery-scope.ts";
import { newMessageId } from "../../server/domain/message-id.ts";
import { readOverview } from "../../server/services/overview/read-overview.ts";
import { acquireLane } from "../../server/store/lanes.ts";
import { markSent } from "../../server/store/ready-messages.ts";
import { insertReady } from "../../server/store/store-messages.ts";
import { timeOutDeliveries } from "../../server/store/time-out-deliveries.ts";
import { createCaller } from "../../server/trpc/router.ts";
import { useDatabase } from "../support/database.ts";
import { declare, newMessage } from "../support/messages.ts";
import { subscribe } from "../support/subscriptions.ts";
import { contextOf, operatorWith } from "./console-context.ts";

const database = useDatabase();
const callerOf = (operator: Operator) => createCaller(contextOf(database.pool, operator));
let topics = 0;

/** Messages of a topic of their own that were given up by its one subscription. */
async function given(count: number, schema?: object) {
  const topic = `consumed-${++topics}`;
  const owner = await declare(database.pool, { topic });
  if (schema !== undefined)
    await database.pool.query("UPDATE topic SET schema = $2 WHERE name = $1", [
      topic,
      JSON.stringify(schema),
    ]);
  const subscription = await subscribe(database.pool, { topic, name: "shipping", retry: { maxAttempts: 1 } });
  const messages = Array.from({ length: count }, () => newMessage(owner, { lane: 0 }));
  await insertReady(database.hot, messages);
  const { epoch } = (await acquireLane(database.pool, { lane: 0, owner: "test", ttlMs: 3_600_000 }))!;
  const sent = messages.map(({ id }, n) => ({ id, partition: 0, offset: BigInt(n) }));
  await markSent(database.hot, { lane: 0, epoch, progressOffset: 1n, sent });
  await database.pool.query(
    "UPDATE delivery SET due_at = now() - interval '1 s' WHERE subscription_id = $1",
    [subscription.id],
  );
  await timeOutDeliveries(database.hot, [subscription.id], count);
  return { topic, subscription, ids: messages.map(({ id }) => id) };
}

test("a message is read with its deliveries, its attempts and where they are by now", async () => {
  const { ids, subscription, topic } = await given(1);
  const caller = callerOf(operatorWith("viewer"));
  const message = await caller.messages.read({ id: ids[0]! });
  expect(message.deliveries).toMatchObject([
    { subscription: "shipping", state: "DEAD", made: 1, maxAttempts: 1 },
  ]);
  expect(message.deliveries[0]!.attempts.map(({ kind }) => kind)).toContain("timed_out");
  const key = { messageId: ids[0]!, subscriptionId: subscription.id };
  const gone = { messageId: newMessageId(), subscriptionId: subscription.id };
  expect(await caller.deliveries.states({ keys: [key, gone] })).toEqual(
    new Map([[`${ids[0]}.${subscription.id}`, "DEAD"]]),
  );
  const list = await caller.deliveries.list({
    ...ANY_DELIVERY,
    states: ["DEAD"],
    topic,
    after: null,
    limit: 10,
  });
  expect(list.items.map(({ messageId }) => messageId)).toEqual(ids);
});

test("the overview counts what was given up, and says whose it is", async () => {
  const { topic, ids } = await given(2);
  const { deliveries, health } = await readOverview(database.pool);
  expect(deliveries!.DEAD.count).toBeGreaterThanOrEqual(2);
  expect(health.problems).toContainEqual(
    expect.objectContaining({ kind: "dead_letters", topic, subscription: "shipping", count: ids.length }),
  );
});

test("all that matches is acted on step by step, and failures of one cause are one group", async () => {
  const { topic, ids } = await given(3);
  const caller = callerOf(operatorWith("operator"));
  const { items } = await caller.failures.list({ span: "hour", topic, subscription: "shipping" });
  expect(items).toMatchObject([{ errorType: "timed_out", failures: 3, ignored: false }]);
  expect(items[0]!.series.reduce((sum, { failures }) => sum + failures, 0)).toBe(3);
  const dead = { ...ANY_DELIVERY, states: ["DEAD" as const], groupId: items[0]!.id };
  const { movedBefore } = await caller.deliveries.count(dead);
  const which = { ...dead, movedBefore, after: null };
  expect(await caller.deliveries.redrive({ which, reason: "for the test" })).toMatchObject({
    done: ids.length,
    untouched: 0,
    more: false,
  });
  expect(await caller.deliveries.count({ ...ANY_DELIVERY, topic, states: ["WAITING"] })).toMatchObject({
    count: 3,
    capped: false,
  });
});

test("what a viewer may see, a viewer may not move", async () => {
  const { ids, subscription } = await given(1);
  const key = { messageId: ids[0]!, subscriptionId: subscription.id };
  const caller = callerOf(operatorWith("viewer"));
  await expect(
    caller.deliveries.discard({ which: { keys: [key] }, reason: "for the test" }),
  ).rejects.toMatchObject({
    code: "FORBIDDEN",
  });
  const by = {
    actor: { id: "1", username: "ada" },
    from: { ip: undefined, userAgent: undefined },
    reason: "done",
  };
  expect((await actOnDeliveries(database.pool, "discard", { keys: [key] }, by)).done).toHaveLength(1);
  expect((await caller.messages.read({ id: ids[0]! })).state).toBe("CONSUMED");
});

test("a payload is held against its topic's schema; a schema that there is none of says nothing", async () => {
  const schema = { type: "object", required: ["weight"], properties: { weight: { type: "integer" } } };
  const { topic } = await given(1, schema);
  const { topic: other } = await given(1);
  const caller = callerOf(operatorWith("operator"));
  expect(await caller.topics.tryPayload({ topic, payload: '{"weight": 3}' })).toEqual({
    kind: "judged",
    faults: [],
  });
  expect(await caller.topics.tryPayload({ topic, payload: '{"weight": "3"}' })).toMatchObject({
    kind: "judged",
    faults: [{ path: "/weight" }],
  });
  expect(await caller.topics.tryPayload({ topic: other, payload: "{}" })).toEqual({ kind: "no_schema" });
});

test("a message is edited from the version that its author saw", async () => {
  const { ids } = await given(1);
  const id = ids[0]!;
  const caller = callerOf(operatorWith("operator"));
  const base = await caller.messages.version({ id, version: 1 });
  const edit = {
    id,
    basedOn: base.version,
    payload: Buffer.from('{"weight": 9}').toString("base64"),
    contentType: base.contentType,
    headers: base.headers,
    note: null,
    as: "same_id" as const,
    send: "redrive" as const,
    reason: "weighed by hand",
  };
  expect(await caller.messages.edit(edit)).toMatchObject({ kind: "stored", version: 2 });
  expect(await caller.messages.edit(edit)).toMatchObject({ kind: "changed_meanwhile", version: 2 });
  expect((await caller.messages.versions({ id })).map(({ version }) => version)).toEqual([1, 2]);
  expect((await caller.messages.read({ id })).deliveries[0]!.state).toBe("WAITING");
});
