import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Inbox } from "../../../sdk/consumer/inbox.ts";
import { readMessage } from "../../../sdk/consumer/message.ts";
import { pruneInbox } from "../../../sdk/consumer/prune-inbox.ts";
import { type Handler, type HandlerResult, runHandler } from "../../../sdk/consumer/run-handler.ts";
import { newMessageId } from "../../../sdk/producer/index.ts";
import type { CutProxy } from "../cut-proxy.ts";
import type { Rig } from "../rig.ts";
import { recordOf } from "./records.ts";

export interface InboxSite {
  proxy: CutProxy;
  countOrders: (messageId: string) => Promise<number>;
  /** Makes the inbox rows of a message, and the message itself, older. */
  age: (messageId: string, days: number) => Promise<void>;
}

/** The id of a message of so many days ago. */
function idOf(daysAgo: number): string {
  const time = Math.trunc(Date.now() - daysAgo * 86_400_000)
    .toString(16)
    .padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}${newMessageId().slice(13)}`;
}

/** What the inbox has to do with every library, on its real database. */
export function holdInbox<Tx>(name: string, site: InboxSite, open: () => Promise<Rig<Tx>>): void {
  describe(name, () => {
    let rig: Rig<Tx>;
    let inbox: Inbox<Tx>;
    beforeAll(async () => {
      rig = await open();
      inbox = new Inbox(rig.database);
    });
    afterAll(() => rig.close());

    const message = (id: string, attempt = 1) =>
      readMessage({ ...recordOf("orders", { id, attempt }).message, offset: "0" } as never, {
        topic: "orders",
        subscription: "shipping",
        recordTopic: "orders",
        partition: 0,
      })!;
    const key = (messageId: string) => ({ messageId, subscription: "shipping" });
    const run = (
      id: string,
      handler: Handler<Tx> = (m, tx) => rig.insertOrder(tx, m.id),
    ): Promise<HandlerResult> =>
      runHandler({ database: rig.database, inbox }, handler, message(id), {
        signal: new AbortController().signal,
      });

    test("a message is handled once", async () => {
      const id = newMessageId();
      expect(await run(id)).toEqual({ kind: "done", again: false });
      expect(await run(id)).toEqual({ kind: "done", again: true });
      expect(await site.countOrders(id)).toBe(1);
    });

    test("what failed did not happen, and is handled anew", async () => {
      const id = newMessageId();
      const failed = await run(id, async (m, tx) => {
        await rig.insertOrder(tx, m.id);
        throw new Error("no");
      });
      expect(failed).toMatchObject({ kind: "failed", error: new Error("no") });
      expect(await site.countOrders(id)).toBe(0);
      expect(await run(id)).toEqual({ kind: "done", again: false });
      expect(await site.countOrders(id)).toBe(1);
    });

    test("two at once: the second waits for the first, and takes its place only if that one fails", async () => {
      for (const fails of [false, true]) {
        const id = newMessageId();
        let begun = () => undefined as void;
        const first = new Promise<void>((resolve) => (begun = resolve));
        const slow = run(id, async (m, tx) => {
          await rig.insertOrder(tx, m.id);
          begun();
          await pause(50);
          if (fails) throw new Error("no");
        });
        await first;
        const second = run(id);
        expect((await slow).kind).toBe(fails ? "failed" : "done");
        const result = await repeat(second, () => run(id));
        expect(result).toEqual({ kind: "done", again: !fails });
        expect(await site.countOrders(id)).toBe(1);
      }
    });

    test("a failed statement that the handler swallows is no success on PostgreSQL", async () => {
      const id = newMessageId();
      const result = await run(id, async (m, tx) => {
        await rig.insertOrder(tx, m.id);
        await rig.fail(tx).catch(() => undefined);
      });
      const lost = rig.database.dialect === "postgresql";
      expect(result.kind).toBe(lost ? "failed" : "done");
      expect(await site.countOrders(id)).toBe(lost ? 0 : 1);
    });

    test("a COMMIT that is not answered is no answer: asked again, the inbox knows", async () => {
      for (const at of ["before", "after"] as const) {
        const id = newMessageId();
        const result = await run(id, async (m, tx) => {
          await rig.insertOrder(tx, m.id);
          site.proxy.cutAtCommit(at);
        });
        expect(result).toMatchObject({ kind: "database", committing: true });
        // The server may still be about to end the transaction whose connection was cut.
        expect(await repeat(run(id), () => run(id))).toEqual({ kind: "done", again: at === "after" });
        expect(await site.countOrders(id)).toBe(1);
      }
    });

    test("starts are counted, struck out, and begin anew for a later attempt of what was given up", async () => {
      const id = newMessageId();
      expect(await inbox.noteStart(key(id), 1, 2)).toBe(1);
      expect(await inbox.noteStart(key(id), 1, 2)).toBe(2);
      expect(await inbox.noteStart(key(id), 2, 2)).toBe(3);
      expect(await inbox.noteStart(key(id), 2, 2)).toBe(4); // the same attempt: it stays given up
      expect(await inbox.noteStart(key(id), 3, 2)).toBe(1); // an operator sent it anew
      await inbox.forgetStarts(key(id));
      expect(await inbox.noteStart(key(id), 3, 2)).toBe(1);
      expect(await run(id)).toEqual({ kind: "done", again: false });
      expect(await inbox.noteStart(key(id), 3, 2)).toBeNull();
      expect(await run(id)).toEqual({ kind: "done", again: true });
      expect(await site.countOrders(id)).toBe(1);
    });

    test("a mark of reach is its owner's", async () => {
      const place = { subscription: "shipping", topic: newMessageId(), partition: 3 };
      expect(await inbox.readReach(place)).toBeNull();
      await inbox.writeReach(place, { reach: 500, owner: "one" });
      await inbox.writeReach(place, { reach: 9_007_199_254_740_000, owner: "two" });
      await inbox.releaseReach("shipping", "one");
      expect(await inbox.readReach(place)).toEqual({ reach: 9_007_199_254_740_000, owner: "two" });
      await inbox.releaseReach("shipping", "two");
      expect(await inbox.readReach(place)).toBeNull();
    });

    test("pruning deletes what is old by both its message and its row", async () => {
      const [old, late, fresh] = [idOf(40), idOf(40), idOf(0)];
      for (const id of [old, late, fresh]) await run(id);
      await site.age(old, 40);
      await site.age(fresh, 40);
      expect(await pruneInbox(rig.database, { olderThanDays: 30, batchSize: 1 })).toBe(1);
      expect(await run(old)).toEqual({ kind: "done", again: false });
      expect(await run(late)).toEqual({ kind: "done", again: true });
      expect(await run(fresh)).toEqual({ kind: "done", again: true });
    });
  });
}

/** As the consumer does it: what the database could not begin or commit is tried again. */
async function repeat(
  first: Promise<HandlerResult>,
  again: () => Promise<HandlerResult>,
): Promise<HandlerResult> {
  let result = await first;
  for (let n = 0; result.kind === "database" && n < 20; n++) {
    await pause(20);
    result = await again();
  }
  return result;
}
