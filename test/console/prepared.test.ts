import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { upsertApp } from "../../server/store/apps.ts";
import { openBreaker } from "../../server/store/check-breakers.ts";
import { insertPrepared } from "../../server/store/store-messages.ts";
import { createCaller } from "../../server/trpc/router.ts";
import { useDatabase } from "../support/database.ts";
import { declare, newMessage } from "../support/messages.ts";
import { contextOf, operatorWith } from "./console-context.ts";

const database = useDatabase();
const console_ = () => createCaller(contextOf(database.pool, operatorWith("operator")));
const NO_FILTER = { app: null, after: null, limit: 50 } as const;
let orders: { appId: number; topicId: number };
let billing: { appId: number; topicId: number };

beforeAll(async () => {
  orders = await declare(database.pool);
  billing = await declare(database.pool, { app: "billing" });
  await upsertApp(database.pool, {
    name: "orders",
    checkUrl: "https://orders.example.com/check",
    checkAfterSeconds: null,
    contact: null,
    check: {
      factor: null,
      maxDelaySeconds: null,
      maxAttempts: 3,
      jitter: null,
      timeoutSeconds: null,
      concurrency: null,
    },
  });
});

beforeEach(async () => {
  await database.pool.query("TRUNCATE message, message_state, message_event, message_flow, check_back");
});

/** Prepared messages whose checks are due in so many seconds. */
async function prepared(of: { appId: number; topicId: number }, dueIn: readonly number[]): Promise<string[]> {
  const messages = dueIn.map(() => newMessage(of));
  await insertPrepared(database.hot, messages);
  const ids = messages.map(({ id }) => id);
  await database.pool.query(
    `UPDATE message_state s SET check_at = now() + x.due * interval '1 s'
     FROM unnest($1::uuid[], $2::int[]) AS x(id, due) WHERE s.id = x.id`,
    [ids, dueIn],
  );
  return ids;
}

async function makeUndecided(ids: readonly string[]): Promise<void> {
  await database.pool.query(
    `UPDATE message_state SET state = 'UNDECIDED', check_at = NULL, checks = 3, moved_at = now(), reason = 'asked 3 times'
     WHERE id = ANY($1::uuid[])`,
    [ids],
  );
}

/** Walks a list to its end. */
async function idsOf(kind: "prepared" | "overdue" | "undecided", limit: number, app: string | null = null) {
  const pages: string[][] = [];
  let after: Awaited<ReturnType<ReturnType<typeof console_>["prepared"]["list"]>>["next"] = null;
  do {
    const page = await console_().prepared.list({ kind, app, after, limit });
    pages.push(page.items.map(({ id }) => id));
    after = page.next;
  } while (after !== null);
  return pages;
}

describe("what waits for its producer", () => {
  test("comes by check time over all apps, page by page, without one missing or twice", async () => {
    const [o1, o2, o3, o4] = (await prepared(orders, [300, -100, 20, 20])) as [
      string,
      string,
      string,
      string,
    ];
    const [b1, b2] = (await prepared(billing, [-40, 100])) as [string, string];
    const order = [o2, b1, ...[o3, o4].toSorted(), b2, o1];
    for (const limit of [1, 2, 3, 50])
      expect((await idsOf("prepared", limit)).flat(), `${limit}`).toEqual(order);
    expect((await idsOf("prepared", 2)).map((page) => page.length)).toEqual([2, 2, 2]);
    expect((await idsOf("overdue", 1)).flat()).toEqual([o2, b1]);
    expect((await idsOf("prepared", 50, "billing")).flat()).toEqual([b1, b2]);
    expect((await idsOf("prepared", 50, "nobody")).flat()).toEqual([]);
  });

  test("undecided ones come by age, prepared ones not among them", async () => {
    const ids = await prepared(orders, [10, 10, 10, 10, 10]);
    await makeUndecided(ids.slice(1));
    for (const limit of [1, 2, 4]) expect((await idsOf("undecided", limit)).flat()).toEqual(ids.slice(1));
    expect((await idsOf("prepared", 10)).flat()).toEqual(ids.slice(0, 1));
  });

  test("each says what was answered last, how often it is asked, and whether its app can be", async () => {
    const [asked] = (await prepared(orders, [5])) as [string];
    await prepared(billing, [5]);
    const answer = (seconds: number, outcome: string, error: string | null) =>
      database.pool.query(
        `INSERT INTO check_back (message_id, at, duration_ms, attempt, status, outcome, effect, url, body, error, detail)
         VALUES ($1, now() - $2 * interval '1 s', 7, 1, 500, $3, 'asks_again', 'https://orders.example.com/check', 'no', $4, 'said no')`,
        [asked, seconds, outcome, error],
      );
    await answer(60, "unknown", null);
    await answer(30, "failed", "http_status");
    await openBreaker(database.pool, {
      appId: orders.appId,
      trips: 1,
      openMs: 60_000,
      failures: 5,
      lastError: "connection refused",
    });
    const { items } = await console_().prepared.list({ kind: "prepared", ...NO_FILTER });
    expect(items.find(({ app }) => app === "orders")).toMatchObject({
      maxAttempts: 3,
      asked: true,
      breaker: "open",
      overdue: false,
      last: { outcome: "failed", error: "http_status", status: 500, detail: "said no" },
    });
    expect(items.find(({ app }) => app === "billing")).toMatchObject({
      maxAttempts: 12,
      asked: false,
      breaker: "closed",
      last: null,
    });
    expect((await console_().messages.read({ id: asked })).checkBacks).toMatchObject([
      { outcome: "unknown", request: { messageId: asked, attempt: 1 } },
      { outcome: "failed", body: "no" },
    ]);
    await database.pool.query("DELETE FROM check_breaker");
  });

  test("is summed app by app", async () => {
    await prepared(orders, [-100, -40, 100]);
    const [id] = (await prepared(billing, [50])) as [string];
    const { apps, overdueCapped } = await console_().prepared.sum();
    expect(overdueCapped).toBe(false);
    expect(apps).toMatchObject([
      { app: "billing", prepared: 1, overdue: 0, undecided: 0, checkUrl: null },
      { app: "orders", prepared: 3, overdue: 2, undecided: 0, breaker: null },
    ]);
    expect(apps[0]!.oldestAt).not.toBeNull();
    expect(id).toBeTruthy();
  });

  test("a cursor of the other list is refused", async () => {
    const [id] = (await prepared(orders, [5])) as [string];
    const list = console_().prepared.list;
    for (const [kind, checkAt] of [
      ["undecided", new Date()],
      ["prepared", null],
    ] as const)
      await expect(list({ kind, app: null, after: { id, checkAt }, limit: 5 })).rejects.toMatchObject({
        code: "BAD_REQUEST",
      });
  });
});

describe("asking again", () => {
  const ask = (which: Parameters<ReturnType<typeof console_>["prepared"]["askAgain"]>[0]["which"]) =>
    console_().prepared.askAgain({ which, reason: "the app is back" });

  test("of a selection: undecided ones begin anew, prepared ones are due now, the rest is told", async () => {
    const [late, due, stuck] = (await prepared(orders, [300, -5, 10])) as [string, string, string];
    await makeUndecided([stuck]);
    expect(await ask({ ids: [late, due, stuck] })).toMatchObject({
      askedAgain: [stuck],
      hurried: [late],
      untouched: [due],
      more: false,
    });
    const { rows } = await database.pool.query(
      "SELECT action, reason FROM audit_log WHERE target_id = ANY($1) ORDER BY id",
      [[late, due, stuck]],
    );
    expect(rows).toEqual([
      { action: "message.ask_again", reason: "the app is back" },
      { action: "message.ask_again", reason: "the app is back" },
    ]);
    const read = await console_().messages.read({ id: stuck });
    expect(read).toMatchObject({ state: "PREPARED", checks: 0 });
    expect(read.events).toMatchObject([{ kind: "asked_again", actor: "night-shift" }]);
  });

  test("of all that an app left in a state goes on where the call before ended, and leaves others alone", async () => {
    const ids = await prepared(
      orders,
      Array.from({ length: 520 }, () => 300),
    );
    const [other] = await prepared(billing, [300]);
    const which = { app: "orders", state: "PREPARED" } as const;
    const first = await ask({ ...which, after: null });
    expect([first.hurried.length, first.more, first.last]).toEqual([500, true, ids[499]]);
    // What was asked about may wait for its next time already: it is not asked about twice.
    await database.pool.query(
      "UPDATE message_state SET check_at = now() + interval '1 minute' WHERE id = ANY($1::uuid[])",
      [ids],
    );
    const second = await ask({ ...which, after: first.last });
    expect([second.hurried.length, second.more]).toEqual([20, false]);
    expect(second.hurried.toSorted()).toEqual(ids.slice(500));
    const { items } = await console_().prepared.list({ kind: "prepared", ...NO_FILTER, app: "billing" });
    expect(items[0]).toMatchObject({ id: other, overdue: false });
    expect(items[0]!.checkAt!.getTime()).toBeGreaterThan(Date.now() + 200_000);
  });

  test("of undecided ones by filter takes those alone", async () => {
    const ids = await prepared(orders, [300, 300, 300]);
    await makeUndecided(ids.slice(0, 2));
    const result = await ask({ app: null, state: "UNDECIDED", after: null });
    expect([result.askedAgain.toSorted(), result.hurried, result.more]).toEqual([ids.slice(0, 2), [], false]);
  });
});
