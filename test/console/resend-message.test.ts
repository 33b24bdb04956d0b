import { beforeAll, describe, expect, test } from "vitest";
import { acquireLane } from "../../server/store/lanes.ts";
import { markSent, readReady, rejectMessages } from "../../server/store/ready-messages.ts";
import { insertPrepared, insertReady } from "../../server/store/store-messages.ts";
import { createCaller } from "../../server/trpc/router.ts";
import { useDatabase } from "../support/database.ts";
import { declare, newMessage } from "../support/messages.ts";
import { contextOf, operatorWith } from "./console-context.ts";
import { roundTrips } from "./round-trips.ts";

const database = useDatabase();
const console_ = () => createCaller(contextOf(database.pool, operatorWith("operator")));
let orders: { appId: number; topicId: number };
const lane = 1;
let epoch: bigint;

beforeAll(async () => {
  orders = await declare(database.pool);
  epoch = (await acquireLane(database.pool, { lane, owner: "relay-1", ttlMs: 600_000 }))!.epoch;
});

async function ready(count = 1) {
  const messages = Array.from({ length: count }, () => newMessage(orders, { lane }));
  await insertReady(database.hot, messages);
  return messages.map(({ id }) => id);
}

async function rejected(count = 1) {
  const ids = await ready(count);
  await rejectMessages(database.hot, {
    lane,
    epoch,
    rejected: ids.map((id) => ({ id, reason: "MESSAGE_TOO_LARGE" })),
  });
  return ids;
}

async function sent(count = 1) {
  const ids = await ready(count);
  await markSent(database.hot, {
    lane,
    epoch,
    progressOffset: 1n,
    sent: ids.map((id, n) => ({ id, partition: 0, offset: BigInt(n) })),
  });
  return ids;
}

const resend = (id: string, reason = "the consumer lost it") => console_().messages.resend({ id, reason });
const count = async (table: string, column: string, id: string) =>
  (
    await database.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table} WHERE ${column} = $1`, [
      id,
    ])
  ).rows[0]!.n;
const traces = async (id: string) => ({
  events: await count("message_event", "message_id", id),
  audits: await count("audit_log", "target_id", id),
  queued: await count("resend", "message_id", id),
});

describe("a rejected message", () => {
  test("is ready again behind what is ready by now, as attempt 2, with the operator's reason", async () => {
    const [id] = (await rejected()) as [string];
    const [later] = (await ready()) as [string];
    expect(await resend(id, "limit was raised")).toEqual({ kind: "queued", from: "REJECTED", attempt: 2 });
    const order = (await readReady(database.hot, lane, { limit: 100, maxBytes: 1e6 })).map((m) => m.id);
    expect(order.indexOf(later)).toBeLessThan(order.indexOf(id));
    const message = await console_().messages.read({ id });
    expect(message).toMatchObject({ state: "READY", reason: null, attempt: 2, laneOwner: "relay-1" });
    expect(message.ahead).toBe(order.indexOf(id));
    expect(message.events.map((event) => event.kind)).toEqual(["rejected", "resend_asked"]);
    expect(message.events[1]!.detail).toEqual({ reason: "limit was raised", from: "REJECTED", attempt: 2 });
  });

  test("asked for twice at once goes once; the other is told that it waits already", async () => {
    for (const id of await rejected(40)) {
      const answers = await Promise.all([resend(id), resend(id)]);
      expect(answers.map((answer) => answer.kind).toSorted()).toEqual(["queued", "wrong_state"]);
      expect(answers).toContainEqual({ kind: "wrong_state", state: "READY" });
      expect(await traces(id)).toEqual({ events: 2, audits: 1, queued: 0 });
    }
  });

  test("while the relay rejects it: either it is too early, or it goes", async () => {
    const kinds = new Set<string>();
    for (const [n, id] of (await ready(60)).entries()) {
      const reject = () =>
        rejectMessages(database.hot, { lane, epoch, rejected: [{ id, reason: "too large" }] });
      const [answer] = await Promise.all([roundTrips(database.pool, n % 4).then(() => resend(id)), reject()]);
      kinds.add(answer.kind);
      const { state } = await console_().messages.read({ id });
      expect(state).toBe(answer.kind === "queued" ? "READY" : "REJECTED");
      const told = answer.kind === "queued" ? 1 : 0;
      expect(await traces(id)).toEqual({ events: 1 + told, audits: told, queued: 0 });
    }
    expect(kinds).toContain("queued");
  });
});

describe("a sent message", () => {
  test("is queued as a further attempt and stays sent", async () => {
    const [id] = (await sent()) as [string];
    expect(await resend(id)).toEqual({ kind: "queued", from: "SENT", attempt: 2 });
    const message = await console_().messages.read({ id });
    expect(message).toMatchObject({ state: "SENT", attempt: 2 });
    expect(message.openResend).toMatchObject({ attempt: 2, askedBy: "night-shift", heldAt: null });
    expect(await resend(id)).toEqual({ kind: "already_queued" });
    expect(await traces(id)).toEqual({ events: 1, audits: 1, queued: 1 });
  });

  test("asked for by many at once is queued once, with one record", async () => {
    for (const id of await sent(25)) {
      const answers = await Promise.all(Array.from({ length: 4 }, () => resend(id)));
      expect(answers.map((answer) => answer.kind).toSorted()).toEqual([
        "already_queued",
        "already_queued",
        "already_queued",
        "queued",
      ]);
      expect(await traces(id)).toEqual({ events: 1, audits: 1, queued: 1 });
    }
  });
});

test("what is not decided, not sent yet or not there cannot be sent again, and leaves no trace", async () => {
  const prepared = newMessage(orders);
  await insertPrepared(database.hot, [prepared]);
  const [waiting] = (await ready()) as [string];
  expect(await resend(prepared.id)).toEqual({ kind: "wrong_state", state: "PREPARED" });
  expect(await resend(waiting)).toEqual({ kind: "wrong_state", state: "READY" });
  for (const id of [prepared.id, waiting])
    expect(await traces(id)).toEqual({ events: 0, audits: 0, queued: 0 });
  await expect(resend(newMessage(orders).id)).rejects.toMatchObject({ code: "NOT_FOUND" });
});
