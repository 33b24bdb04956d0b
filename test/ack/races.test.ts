import { expect, test } from "vitest";
import { compareDeliveryFlow } from "../../server/store/delivery-flow-upkeep.ts";
import { compareFlow } from "../../server/store/message-flow-upkeep.ts";
import { useDatabase } from "../support/database.ts";
import { type Given, given, item, mark, say, stands } from "./ack-fixture.ts";

const db = useDatabase();
const ROUNDS = 40;

async function consumedCount(of: Given): Promise<number> {
  const { rows } = await db.pool.query<{ n: number }>(
    "SELECT coalesce(sum(entered), 0)::int AS n FROM message_flow WHERE state = 'CONSUMED' AND topic_id = $1",
    [of.owner.topicId],
  );
  return rows[0]!.n;
}

const shuffled = <T>(items: readonly T[]): T[] =>
  items
    .map((one) => [Math.random(), one] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, one]) => one);

test("two subscriptions that acknowledge at the same moment end each message once", async () => {
  const made = await given(db, [{ name: "a" }, { name: "b" }], 300);
  await mark(db, made.messages);
  const flushes = ["a", "b", "a", "b"].map((name) =>
    say(
      db,
      shuffled(made.messages).map(({ id }) => item(id, name)),
    ),
  );
  for (const answers of await Promise.all(flushes)) expect(new Set(answers)).toEqual(new Set(["ACKED 1"]));
  expect(await consumedCount(made)).toBe(300);
  expect(await stands(db, made.messages[0]!.id)).toMatchObject({ message: "CONSUMED", open: 0 });
  expect(await compareFlow(db.pool)).toEqual([]);
  expect(await compareDeliveryFlow(db.pool)).toEqual([]);
});

test("acks beside the mark neither deadlock nor get lost, whichever comes first", async () => {
  const made = await given(db, [{ name: "a" }, { name: "b" }, { name: "c" }], 60 * ROUNDS);
  for (let round = 0; round < ROUNDS; round++) {
    const messages = made.messages.slice(60 * round, 60 * (round + 1));
    const [marked, ...answers] = await Promise.all([
      mark(db, shuffled(messages)),
      ...["a", "b", "c"].map((name) =>
        say(
          db,
          shuffled(messages).map(({ id }) => item(id, name)),
        ),
      ),
      say(
        db,
        shuffled(messages)
          .slice(0, 20)
          .map(({ id }) => item(id, "a", { outcome: "retry" })),
      ),
    ]);
    expect(marked).toBeUndefined();
    expect(answers.slice(0, 3).flat()).toEqual(Array(180).fill("ACKED 1"));
  }
  expect(await consumedCount(made)).toBe(60 * ROUNDS);
  expect(await compareFlow(db.pool)).toEqual([]);
  expect(await compareDeliveryFlow(db.pool)).toEqual([]);
});
