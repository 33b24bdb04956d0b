import { readFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { compareFlow } from "../../server/store/message-flow-upkeep.ts";
import { readOutboxProgress } from "../../server/store/outbox-progress.ts";
import type { ArmedStep } from "./armed-table.ts";
import {
  BUSINESS,
  countStored,
  countWaiting,
  insertRows,
  storedByKey,
  untilCollected,
  useCollect,
} from "./collect-fixture.ts";
import { type CollectProcess, spawnCollect } from "./collect-process.ts";

const fixture = useCollect();
const processes: CollectProcess[] = [];
afterEach(async () => {
  await Promise.all(processes.splice(0).map((process) => process.kill()));
});

function spawn(name: string, leaseMs = 12_000): CollectProcess {
  const process = spawnCollect({
    name,
    databaseUrl: fixture.store.url,
    env: {
      [BUSINESS]: fixture.business.url,
      SURELAY_COLLECT_BATCH: "10",
      SURELAY_COLLECT_POLL_MS: "20",
      SURELAY_COLLECT_LEASE_MS: String(leaseMs),
      SURELAY_HEARTBEAT_MS: "500",
    },
  });
  processes.push(process);
  return process;
}

const owner = async () => (await readOutboxProgress(fixture.store.pool))[0]?.owner;
const KEYS = 3;

/** Rows n of a few keys, each key's payloads counting up. */
async function insertNumbered(from: number, count: number): Promise<void> {
  await insertRows(
    fixture.business.pool,
    Array.from({ length: count }, (_, i) => ({
      key: `key-${(from + i) % KEYS}`,
      payload: String(from + i),
    })),
  );
}

/** Every row once, each key in order. */
async function expectAll(count: number): Promise<void> {
  await untilCollected(fixture, count);
  const byKey = await storedByKey(fixture.store.pool);
  for (let k = 0; k < KEYS; k++)
    expect(byKey[`key-${k}`]?.map(Number)).toEqual(
      Array.from({ length: count }, (_, n) => n).filter((n) => n % KEYS === k),
    );
  expect(await compareFlow(fixture.store.pool)).toEqual([]);
}

const STEPS: readonly ArmedStep[] = ["read", "stored", "removed"];

test("killed after each step of a batch, and started again, it neither loses nor doubles nor turns round", async () => {
  await fixture.source();
  let count = 0;
  for (const step of STEPS) {
    const doomed = spawn("collect-a");
    await expect.poll(owner, { timeout: 20_000 }).toBe("collect-a");
    doomed.arm({ step, signal: "SIGKILL" });
    await insertNumbered(count, 35);
    count += 35;
    await doomed.ended;
    const [stored, waiting] = [
      await countStored(fixture.store.pool),
      await countWaiting(fixture.business.pool),
    ];
    // The moment that was meant was hit: only between storing and deleting is a row at both ends.
    if (step === "stored") expect(stored + waiting).toBeGreaterThan(count);
    else expect(stored + waiting).toBe(count);
  }
  spawn("collect-a");
  await expectAll(count);
}, 60_000);

test("frozen beyond its lease and let go on, a collector changes nothing behind its successor's back", async () => {
  await fixture.source();
  let count = 0;
  // Frozen after the delete it would find nothing of its batch at either end.
  for (const [round, step] of STEPS.slice(0, 2).entries()) {
    const zombie = spawn(`zombie-${round}`, 3000);
    await expect.poll(owner, { timeout: 20_000 }).toBe(`zombie-${round}`);
    zombie.arm({ step, signal: "SIGSTOP" });
    await insertNumbered(count, 25);
    count += 25;
    await expect.poll(() => stateOf(zombie.pid), { timeout: 20_000, interval: 20 }).toBe("T");
    const heir = spawn(`heir-${round}`, 3000);
    await expect.poll(owner, { timeout: 20_000 }).toBe(`heir-${round}`);
    await untilCollected(fixture, count);
    zombie.signal("SIGCONT");
    await insertNumbered(count, 25);
    count += 25;
    await untilCollected(fixture, count);
    await Promise.all([zombie.kill(), heir.kill()]);
    await fixture.store.pool.query("UPDATE outbox_progress SET expires_at = now() - interval '1 second'");
  }
  spawn("last");
  await expectAll(count);
}, 90_000);

test("killed at any moment under load, again and again, every row arrives once and in order", async () => {
  await fixture.source();
  let count = 0;
  let killed = 0;
  while (killed < 5) {
    const doomed = spawn("collect-a");
    await expect.poll(owner, { timeout: 20_000 }).toBe("collect-a");
    const before = await countStored(fixture.store.pool);
    const writing = (async () => {
      for (let i = 0; i < 30; i++) {
        await insertNumbered(count, 20);
        count += 20;
      }
    })();
    await expect
      .poll(() => countStored(fixture.store.pool), { timeout: 20_000, interval: 1 })
      .toBeGreaterThan(before + 50 + 40 * killed);
    await doomed.kill();
    killed++;
    await writing;
  }
  spawn("collect-a");
  await expectAll(count);
}, 90_000);

/** The state letter of /proc: T is stopped. */
function stateOf(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2)[0]!;
}
