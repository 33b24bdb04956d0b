import { beforeAll, describe, expect, test } from "vitest";
import { cancelMessages } from "../../server/store/cancel-messages.ts";
import { confirmMessages } from "../../server/store/confirm-messages.ts";
import { insertPrepared } from "../../server/store/store-messages.ts";
import { createCaller } from "../../server/trpc/router.ts";
import { useDatabase } from "../support/database.ts";
import { declare, newMessage } from "../support/messages.ts";
import { contextOf, operatorWith } from "./console-context.ts";
import { roundTrips } from "./round-trips.ts";

const database = useDatabase();
const console_ = () => createCaller(contextOf(database.pool, operatorWith("operator")));
let orders: { appId: number; topicId: number };

beforeAll(async () => {
  orders = await declare(database.pool);
});

async function prepared(count = 1) {
  const messages = Array.from({ length: count }, () => newMessage(orders));
  await insertPrepared(database.hot, messages);
  return messages.map(({ id }) => id);
}

const recorded = async (id: string) =>
  (await database.pool.query("SELECT kind, actor, detail FROM message_event WHERE message_id = $1", [id]))
    .rows;
const audited = async (id: string) =>
  (
    await database.pool.query(
      "SELECT action, actor_name, reason, before, after FROM audit_log WHERE target_id = $1",
      [id],
    )
  ).rows;

describe("a forced decision", () => {
  test("moves the message, and is with it and in the audit log, with its reason", async () => {
    const [kept, dropped] = (await prepared(2)) as [string, string];
    const decide = console_().messages.decide;
    expect(await decide({ id: kept, verdict: "confirm", reason: " paid, seen in the bank " })).toEqual({
      kind: "moved",
      state: "READY",
    });
    expect(await decide({ id: dropped, verdict: "cancel", reason: "never paid" })).toEqual({
      kind: "moved",
      state: "CANCELLED",
    });
    expect(await recorded(kept)).toEqual([
      {
        kind: "forced_confirm",
        actor: "night-shift",
        detail: { reason: "paid, seen in the bank", from: "PREPARED", to: "READY" },
      },
    ]);
    expect(await audited(dropped)).toEqual([
      {
        action: "message.cancel",
        actor_name: "night-shift",
        reason: "never paid",
        before: { state: "PREPARED" },
        after: { state: "CANCELLED" },
      },
    ]);
    const read = await console_().messages.read({ id: kept });
    expect(read).toMatchObject({ state: "READY", decidedBy: "operator", audit: [] });
    expect(read.events.map((event) => event.at)).toEqual([read.decidedAt]);
  });

  test("without a reason, or of a message that is not there, is refused", async () => {
    const [id] = (await prepared()) as [string];
    const decide = console_().messages.decide;
    await expect(decide({ id, verdict: "confirm", reason: "  x " })).rejects.toMatchObject({
      code: "BAD_REQUEST",
    });
    await expect(
      decide({ id: newMessage(orders).id, verdict: "cancel", reason: "none such" }),
    ).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect((await console_().messages.read({ id })).state).toBe("PREPARED");
  });

  test("that comes too late changes nothing, records nothing, and says who decided", async () => {
    const [confirmed, cancelled] = (await prepared(2)) as [string, string];
    await confirmMessages(database.hot, [{ id: confirmed, appId: orders.appId }], "producer");
    await cancelMessages(database.hot, [{ id: cancelled, appId: orders.appId }], "check_back");
    const decide = (id: string) => console_().messages.decide({ id, verdict: "cancel", reason: "too late" });
    expect(await decide(confirmed)).toMatchObject({ kind: "lost", state: "READY", decidedBy: "producer" });
    expect(await decide(cancelled)).toMatchObject({
      kind: "lost",
      state: "CANCELLED",
      decidedBy: "check_back",
    });
    for (const id of [confirmed, cancelled]) {
      expect(await recorded(id)).toEqual([]);
      expect(await audited(id)).toEqual([]);
    }
  });

  test("that cannot be put into the audit log does not happen", async () => {
    const [id] = (await prepared()) as [string];
    await database.pool.query("ALTER TABLE audit_log ADD CONSTRAINT full_disk CHECK (reason <> 'unheard')");
    try {
      await expect(
        console_().messages.decide({ id, verdict: "confirm", reason: "unheard" }),
      ).rejects.toMatchObject({ code: "INTERNAL_SERVER_ERROR" });
    } finally {
      await database.pool.query("ALTER TABLE audit_log DROP CONSTRAINT full_disk");
    }
    expect((await console_().messages.read({ id })).state).toBe("PREPARED");
    expect(await recorded(id)).toEqual([]);
  });
});

/** Every message is decided by an operator and its producer at once: four at a time, in turns of both verdicts. */
test("an operator and the producer at once: one wins, the other is told, the record says who", async () => {
  const ids = await prepared(120);
  let [operatorWon, producerWon] = [0, 0];
  const race = async (id: string, n: number) => {
    const asked = [{ id, appId: orders.appId }];
    const verdict = n % 2 === 0 ? ("confirm" as const) : ("cancel" as const);
    const producer = () =>
      n % 4 < 2
        ? confirmMessages(database.hot, asked, "producer").then((moved) => moved.size > 0)
        : cancelMessages(database.hot, asked, "producer").then((moved) => moved.size > 0);
    // The producer's single statement is quicker than the operator's transaction: it begins some round trips later.
    const [answer, won] = await Promise.all([
      console_().messages.decide({ id, verdict, reason: "a race" }),
      roundTrips(database.pool, n % 8).then(producer),
    ]);
    expect([answer.kind, won], id).toEqual(won ? ["lost", true] : ["moved", false]);
    if (won) producerWon += 1;
    else operatorWon += 1;
    expect(await recorded(id)).toHaveLength(won ? 0 : 1);
    expect(await audited(id)).toHaveLength(won ? 0 : 1);
    const { state, decidedBy } = await console_().messages.read({ id });
    expect(decidedBy).toBe(won ? "producer" : "operator");
    expect(answer.state).toBe(state);
  };
  for (let n = 0; n < ids.length; n += 4)
    await Promise.all(ids.slice(n, n + 4).map((id, k) => race(id, n + k)));
  // The races were real.
  expect(operatorWon).toBeGreaterThan(0);
  expect(producerWon).toBeGreaterThan(0);
});

test("two operators at once: one decision, one record", async () => {
  for (const id of await prepared(40)) {
    const answers = await Promise.all([
      console_().messages.decide({ id, verdict: "confirm", reason: "one says" }),
      console_().messages.decide({ id, verdict: "cancel", reason: "other says" }),
    ]);
    expect(answers.map((answer) => answer.kind).toSorted()).toEqual(["lost", "moved"]);
    expect(answers[0].state).toBe(answers[1].state);
    expect(await recorded(id)).toHaveLength(1);
    expect(await audited(id)).toHaveLength(1);
  }
});
