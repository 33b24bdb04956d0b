import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { waitUntil } from "../../local/wait-until.ts";
import { decideOutcome } from "../../sdk/producer/barrier.ts";
import { enterBarrier, newMessageId, Producer, pruneBarrier } from "../../sdk/producer/index.ts";
import type { TestApi } from "../api/use-api.ts";
import type { CutProxy } from "./cut-proxy.ts";
import type { Rig } from "./rig.ts";

class Declined extends Error {}

/** What every adapter has to do, on its real database, with the real API. */
export function holdAdapter<Tx>(
  name: string,
  site: {
    api: TestApi;
    proxy: CutProxy;
    /** How many orders of this message stand, seen from outside. */
    countOrders: (messageId: string) => Promise<number>;
  },
  makeRig: () => Promise<Rig<Tx>>,
): void {
  describe(name, () => {
    let rig: Rig<Tx>;
    let surelay: Producer;
    const unsettled: string[] = [];
    const topic = "orders.created";
    const stateOf = async (id: string) => (await site.api.client.get(id)).body.state as string | undefined;
    const reaches = async (id: string, state: string) => {
      await waitUntil(async () => (await stateOf(id)) === state, { timeoutMs: 10_000, everyMs: 5 });
      expect(await stateOf(id)).toBe(state);
    };

    beforeAll(async () => {
      rig = await makeRig();
      surelay = new Producer({
        url: `http://127.0.0.1:${site.api.port}`,
        key: site.api.client.key,
        onUnsettled: (error, id) => unsettled.push(`${id} ${error.code}`),
      });
    });
    afterEach(() => site.proxy.mend());
    afterAll(async () => {
      await surelay.close();
      await rig.close();
    });

    test("a commit delivers", async () => {
      const transact = surelay.transactIn(rig.database);
      const seen: string[] = [];
      const result = await transact({ topic, payload: { n: 1 } }, async (tx, id) => {
        seen.push(id);
        await rig.insertOrder(tx, id);
        return "placed";
      });
      expect(result).toBe("placed");
      expect(await site.countOrders(seen[0]!)).toBe(1);
      await reaches(seen[0]!, "READY");
    });

    test("several messages share the fate of one transaction", async () => {
      const transact = surelay.transactIn(rig.database);
      const messages = [1, 2, 3].map((n) => ({ id: newMessageId(), topic, payload: { n } }));
      await transact(messages, async (tx, ...ids) => {
        for (const id of ids) await rig.insertOrder(tx, id);
      });
      for (const { id } of messages) await reaches(id, "READY");
    });

    test("work that throws is rolled back, and its error comes out", async () => {
      const transact = surelay.transactIn(rig.database);
      const id = newMessageId();
      const work = transact({ id, topic, payload: 1 }, async (tx) => {
        await rig.insertOrder(tx, id);
        throw new Declined("no");
      });
      await expect(work).rejects.toThrow(Declined);
      await reaches(id, "CANCELLED");
      expect(await site.countOrders(id)).toBe(0);
    });

    test("a failed statement that the work swallows is no commit", async () => {
      const transact = surelay.transactIn(rig.database);
      const id = newMessageId();
      const outcome = await transact({ id, topic, payload: 1 }, async (tx) => {
        await rig.insertOrder(tx, id);
        await rig.fail(tx).catch(() => undefined);
      }).then(
        () => "committed",
        () => "rolled back",
      );
      // PostgreSQL has given the transaction up; MySQL only the statement.
      expect(outcome).toBe(rig.database.dialect === "postgresql" ? "rolled back" : "committed");
      expect(await site.countOrders(id)).toBe(outcome === "committed" ? 1 : 0);
      await reaches(id, outcome === "committed" ? "READY" : "CANCELLED");
    });

    test("a COMMIT whose answer is lost counts, because the barrier row stands", async () => {
      const transact = surelay.transactIn(rig.database);
      const id = newMessageId();
      const result = await transact({ id, topic, payload: 1 }, async (tx) => {
        await rig.insertOrder(tx, id);
        site.proxy.cutAtCommit("after");
        return "placed";
      });
      expect(result).toBe("placed");
      expect(await site.countOrders(id)).toBe(1);
      await reaches(id, "READY");
    });

    test("a COMMIT that never arrived is a rollback", async () => {
      const transact = surelay.transactIn(rig.database);
      const id = newMessageId();
      const work = transact({ id, topic, payload: 1 }, async (tx) => {
        await rig.insertOrder(tx, id);
        site.proxy.cutAtCommit("before");
      });
      await expect(work).rejects.toThrow();
      await reaches(id, "CANCELLED");
      expect(await site.countOrders(id)).toBe(0);
    });

    test("a transaction that comes after the check-back is shut out before its work begins", async () => {
      const transact = surelay.transactIn(rig.database);
      const id = newMessageId();
      expect(await decideOutcome(rig.database, id, 1000)).toBe("rolled_back");
      let ran = false;
      const work = transact({ id, topic, payload: 1 }, async () => {
        ran = true;
      });
      await expect(work).rejects.toMatchObject({ code: "already_rolled_back", messageId: id });
      expect(ran).toBe(false);
      await reaches(id, "CANCELLED");
    });

    test("the same id again does not run the work again", async () => {
      const transact = surelay.transactIn(rig.database);
      const id = newMessageId();
      const place = () => transact({ id, topic, payload: 1 }, (tx) => rig.insertOrder(tx, id));
      await place();
      await expect(place()).rejects.toMatchObject({ code: "already_committed" });
      expect(await site.countOrders(id)).toBe(1);
      await reaches(id, "READY");
    });

    test("a check-back waits for a transaction that is open", async () => {
      const transact = surelay.transactIn(rig.database);
      for (const outcome of ["committed", "rolled_back"] as const) {
        const id = newMessageId();
        let answer: Promise<unknown> | undefined;
        const work = transact({ id, topic, payload: 1 }, async (tx) => {
          answer = decideOutcome(rig.database, id, 5000);
          await rig.insertOrder(tx, id);
          if (outcome === "rolled_back") throw new Declined("no");
        });
        await work.catch(() => undefined);
        expect(await answer).toBe(outcome);
        await reaches(id, outcome === "committed" ? "READY" : "CANCELLED");
      }
    });

    test("a check-back gives up on a transaction that stays open, and leaves the connection as it was", async () => {
      const transact = surelay.transactIn(rig.database);
      const id = newMessageId();
      const began = performance.now();
      await transact({ id, topic, payload: 1 }, async () => {
        await expect(decideOutcome(rig.database, id, 200)).rejects.toThrow();
      });
      expect(performance.now() - began).toBeLessThan(10_000);
      await reaches(id, "READY");
      expect(await decideOutcome(rig.database, id, 200)).toBe("committed");
      const settings = await rig.database.transaction((tx) =>
        rig.database.query(tx, WAIT_SETTING[rig.database.dialect]),
      );
      expect(String(settings[0]!.n)).toBe(rig.database.dialect === "postgresql" ? "0" : "50");
    });

    test("old rows are pruned, and are not taken for rollbacks afterwards", async () => {
      const old = idFrom(Date.now() - 40 * 86_400_000);
      await rig.database.transaction((tx) => enterBarrier(rig.database, tx, [old]));
      expect(await decideOutcome(rig.database, old, 1000)).toBe("committed");
      expect(await pruneBarrier(rig.database, { olderThanDays: 30, batchSize: 1 })).toBe(1);
      expect(await decideOutcome(rig.database, old, 1000)).toBe("pruned");
      expect(await decideOutcome(rig.database, newMessageId(), 1000)).toBe("rolled_back");
      expect(await pruneBarrier(rig.database)).toBe(0);
    });

    test("nobody can ask the database: the outcome is unknown, and left to a check-back", async () => {
      const transact = surelay.transactIn(rig.database);
      const id = newMessageId();
      const work = transact({ id, topic, payload: 1 }, async (tx) => {
        await rig.insertOrder(tx, id);
        site.proxy.cutAtCommit("after", { refuseAfter: true });
      });
      await expect(work).rejects.toMatchObject({ code: "outcome_unknown", messageId: id });
      expect(await stateOf(id)).toBe("PREPARED");
      site.proxy.mend();
      const decided = await waitUntil(() => decideOutcome(rig.database, id, 1000).catch(() => null), {
        timeoutMs: 10_000,
      });
      expect(decided).toBe("committed");
      expect(await site.countOrders(id)).toBe(1);
    });

    test("nothing else was left unsettled", () => {
      expect(unsettled).toEqual([]);
    });
  });
}

function idFrom(ms: number): string {
  const time = ms.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}${newMessageId().slice(13)}`;
}

const WAIT_SETTING = {
  postgresql: "SELECT setting AS n FROM pg_settings WHERE name = 'lock_timeout'",
  mysql: "SELECT @@SESSION.innodb_lock_wait_timeout AS n",
};
