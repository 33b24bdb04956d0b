import { subscribe } from "node:diagnostics_channel";
import type { ClientRequest } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { Producer } from "../../../sdk/producer/index.ts";
import { pgDatabase } from "../../../sdk/database/pg.ts";
import { type Action, endAtStep, reach, reachInFlight, watchPool } from "./end-at-step.ts";
import type { Step } from "./steps.ts";

// A producer that places orders until it ends itself with a real SIGKILL, at the Nth time that it reaches a step. Several
// orders are under way at once, so the others are somewhere else just then.

const { SURELAY_URL, SURELAY_KEY, BUSINESS_URL, STEP, ACTION, NTH } = process.env as Record<string, string>;
const AT_ONCE = 6;
endAtStep({ step: STEP as Step, nth: Number(NTH), action: ACTION as Action });
const verb = (message: unknown) =>
  /(prepare|confirm|cancel)$/.exec((message as { request: ClientRequest }).request.path)?.[1];
subscribe("http.client.request.start", (message) => reachInFlight(`${verb(message)} in flight` as Step));
subscribe("http.client.response.finish", (message) => reach(`${verb(message)} answered` as Step));

const pool = new pg.Pool({ connectionString: BUSINESS_URL, max: AT_ONCE + 2 });
pool.on("error", () => undefined);
watchPool(pool, [
  [/^BEGIN/, "BEGIN"],
  [/^INSERT INTO surelay_barrier .*'committed'/, "barrier"],
  [/^INSERT INTO orders/, "work"],
  [/^SELECT count/, "look"],
  [/^COMMIT/, "COMMIT"],
  [/^ROLLBACK/, "ROLLBACK"],
]);

class Declined extends Error {}

const surelay = new Producer({
  url: SURELAY_URL!,
  key: SURELAY_KEY!,
  onUnsettled: (error, id) => process.stdout.write(`unsettled ${error.code} ${id}\n`),
});
const transact = surelay.transactIn(pgDatabase(pool));

async function placeOrder(): Promise<void> {
  const fate = Math.random();
  try {
    await transact({ topic: "orders.created", key: "C-1", payload: { fate } }, async (tx, id) => {
      if (fate > 0.9) await pause(Math.random() * 250); // stays open while the check-backs come
      await tx.query("INSERT INTO orders (message_id) VALUES ($1)", [id]);
      if (fate < 0.25) throw new Declined();
      if (fate < 0.3) await tx.query("SELECT 1 / 0").catch(() => undefined);
    });
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "already_rolled_back") process.stdout.write("late\n");
    else if (!(error instanceof Declined) && code !== "25P02")
      process.stdout.write(`failed ${String(error)}\n`);
  }
}

async function keepPlacing(): Promise<void> {
  for (;;) await placeOrder();
}

void Promise.all(Array.from({ length: AT_ONCE }, keepPlacing));
