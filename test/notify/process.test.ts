import type { ServerResponse } from "node:http";
import { afterEach, expect, test } from "vitest";
import { startWorkerProcess, type WorkerProcess } from "../support/worker-process.ts";
import { answers, SETTINGS, useNotify } from "./notify-fixture.ts";

const fixture = useNotify();
const WAIT = { timeout: 20_000, interval: 20 };
/** Longer than the lease of an endpoint with a time-out of 1 s. */
const LEASE_SECONDS = 13;

const processes: WorkerProcess[] = [];
afterEach(() => processes.splice(0).forEach((one) => one.kill("SIGKILL")));
async function start(instance: string): Promise<WorkerProcess> {
  const one = await startWorkerProcess("notify", fixture.database.url, {
    ...SETTINGS,
    SURELAY_INSTANCE: instance,
  });
  processes.push(one);
  return one;
}

test("killed in the middle of calls: nothing is counted, nothing lost, everything called about again", async () => {
  const held: ServerResponse[] = [];
  const endpoint = await fixture.endpoint("killed", (_call, response) => held.push(response));
  const ids = await fixture.send(endpoint, 40);
  const victim = await start("victim");
  await expect.poll(() => held.length, WAIT).toBe(8);
  victim.kill("SIGKILL");
  await victim.ended;
  expect(await fixture.states(ids)).toEqual(["PENDING"]);
  expect(await fixture.attempts(ids)).toEqual([]);
  endpoint.answer(answers(200));
  await fixture.passTime(ids, LEASE_SECONDS);
  await fixture.start();
  await expect.poll(() => fixture.states(ids), WAIT).toEqual(["ACKED"]);
  expect(new Set(endpoint.calls.map((call) => call.attempt))).toEqual(new Set([1]));
  // The receiver knows the eight that it had seen by their ids.
  expect(endpoint.calls).toHaveLength(40 + 8);
  expect(new Set(endpoint.calls.map((call) => call.messageId)).size).toBe(40);
  expect(await fixture.messageStates(ids)).toEqual(["CONSUMED"]);
  expect(await fixture.miscounts()).toEqual([]);
});

test("stopped past its lease and woken again, a failure it learns of changes nothing, a success counts", async () => {
  const held: { id: string; response: ServerResponse }[] = [];
  const endpoint = await fixture.endpoint(
    "asleep",
    (call, response) => held.push({ id: call.messageId, response }),
    { webhook: { timeoutSeconds: 30 }, retry: { ladderSeconds: [3600], jitter: 0 } },
  );
  const ids = await fixture.send(endpoint, 8);
  const zombie = await start("zombie");
  await expect.poll(() => held.length, WAIT).toBe(8);
  zombie.kill("SIGSTOP");
  // The next caller is told that all of them failed, which is written down.
  endpoint.answer(answers(500));
  await fixture.passTime(ids, 2 * 30 + LEASE_SECONDS);
  const other = await fixture.start();
  await expect.poll(() => fixture.states(ids), WAIT).toEqual(["WAITING"]);
  await other.stop();
  const before = await fixture.attempts(ids);
  expect(before).toHaveLength(8);
  held.forEach(({ response }, n) => response.writeHead(n < 4 ? 200 : 500).end());
  const good = held.slice(0, 4).map(({ id }) => id);
  const bad = held.slice(4).map(({ id }) => id);
  zombie.kill("SIGCONT");
  await expect.poll(() => fixture.states(good), WAIT).toEqual(["ACKED"]);
  await expect
    .poll(() => zombie.log.filter((line) => String(line.msg).includes("came too late")).length, WAIT)
    .toBe(4);
  expect(await fixture.states(bad)).toEqual(["WAITING"]);
  expect(await fixture.attempts(ids)).toHaveLength(8);
  for (const id of bad) expect((await fixture.delivery(id)).attempt).toBe(1);
  zombie.kill("SIGTERM");
  expect(await zombie.ended).toBe(0);
  expect(await fixture.miscounts()).toEqual([]);
});

test("asked to stop, it finishes calls under way, gives the others back and says so", async () => {
  const held: ServerResponse[] = [];
  const endpoint = await fixture.endpoint("leaving", (_call, response) => held.push(response), {
    webhook: { timeoutSeconds: 20 },
  });
  const ids = await fixture.send(endpoint, 20);
  const leaving = await start("leaving");
  await expect.poll(() => held.length, WAIT).toBe(8);
  leaving.kill("SIGTERM");
  const due =
    "SELECT count(*)::int AS n FROM delivery WHERE message_id = ANY($1::uuid[]) AND due_at <= now()";
  await expect.poll(async () => (await fixture.database.pool.query(due, [ids])).rows[0].n, WAIT).toBe(12);
  held.forEach((response) => response.end());
  expect(await leaving.ended).toBe(0);
  expect(await fixture.states(ids)).toEqual(["PENDING", "ACKED"]);
  const { rows } = await fixture.database.pool.query(
    "SELECT stopped_at IS NOT NULL AS stopped, detail FROM worker_instance WHERE kind = 'notify' AND name = 'leaving'",
  );
  expect(rows).toMatchObject([
    { stopped: true, detail: { called: expect.any(Number) as number, disabled: [], unreached: [] } },
  ]);
});

test("without the signing secret it does not start, and says what to do", async () => {
  const settings = { ...SETTINGS, SURELAY_SIGNING_SECRET: "" };
  await expect(startWorkerProcess("notify", fixture.database.url, settings)).rejects.toThrow(
    /SURELAY_SIGNING_SECRET is not set/,
  );
});
