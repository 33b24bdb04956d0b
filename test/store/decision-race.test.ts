import { expect, test } from "vitest";
import { cancelMessages } from "../../server/store/cancel-messages.ts";
import { confirmMessages, type Decider } from "../../server/store/confirm-messages.ts";
import { readStates } from "../../server/store/find-messages.ts";
import { insertPrepared } from "../../server/store/store-messages.ts";
import { useDatabase } from "../support/database.ts";
import { declare, newMessage } from "../support/messages.ts";

const db = useDatabase();

const ROUNDS = 30;
const MESSAGES = 50;

interface Contender {
  verdict: "confirm" | "cancel";
  by: Decider;
}

const contenders: Contender[] = [
  { verdict: "confirm", by: "producer" },
  { verdict: "cancel", by: "producer" },
  { verdict: "confirm", by: "operator" },
  { verdict: "cancel", by: "operator" },
  { verdict: "confirm", by: "check_back" },
  { verdict: "cancel", by: "check_back" },
];

function shuffle<T>(items: readonly T[]): T[] {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}

/** Six contenders, each on a connection of its own, over the same 50 messages one at a time: 1,500 races of six. */
test("confirm, cancel and forced decision have exactly one winner", async () => {
  const owner = await declare(db.pool);
  const tally = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    const messages = Array.from({ length: MESSAGES }, () => newMessage(owner));
    await insertPrepared(db.hot, messages);
    const winners = new Map<string, string[]>();
    await Promise.all(
      contenders.map(async ({ verdict, by }) => {
        const connection = await db.hot.connect();
        try {
          for (const { id } of round % 2 === 0 ? messages : shuffle(messages)) {
            const asked = [{ id, appId: owner.appId }];
            const won =
              verdict === "confirm"
                ? (await confirmMessages(connection, asked, by)).size
                : (await cancelMessages(connection, asked, by)).size;
            if (won > 0) winners.set(id, [...(winners.get(id) ?? []), `${verdict} by ${by}`]);
          }
        } finally {
          connection.release();
        }
      }),
    );
    const states = await readStates(db.pool, messages);
    for (const { id } of messages) {
      const won = winners.get(id) ?? [];
      expect(won, `winners of ${id}`).toHaveLength(1);
      expect(states.get(id)).toBe(won[0]!.startsWith("confirm") ? "READY" : "CANCELLED");
      tally.set(won[0]!, (tally.get(won[0]!) ?? 0) + 1);
    }
  }
  // The races were real: more than one contender won some of them.
  expect([...tally.values()].filter((n) => n > 0).length).toBeGreaterThan(2);
});

/** Whole batches against each other in opposite orders: deadlocks may cost one side its statement, never the outcome. */
test("overlapping batches in opposite orders leave every message decided once", async () => {
  const owner = await declare(db.pool);
  const messages = Array.from({ length: 200 }, () => newMessage(owner));
  await insertPrepared(db.hot, messages);
  const forward = messages.map(({ id }) => ({ id, appId: owner.appId }));
  const attempt = async (work: () => Promise<{ size: number }>): Promise<number> => {
    for (;;) {
      try {
        return (await work()).size;
      } catch (error) {
        if ((error as { code?: string }).code !== "40P01") throw error;
      }
    }
  };
  const [confirmed, cancelled] = await Promise.all([
    attempt(() => confirmMessages(db.hot, forward, "producer")),
    attempt(() => cancelMessages(db.hot, forward.toReversed(), "operator")),
  ]);
  expect(confirmed + cancelled).toBe(messages.length);
});
