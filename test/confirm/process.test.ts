import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, onTestFinished, test } from "vitest";
import { readBreakers } from "../../server/services/check-back/read-breakers.ts";
import { compareFlow } from "../../server/store/message-flow-upkeep.ts";
import { makeCertificate } from "../support/certificate.ts";
import { type WorkerProcess, startWorkerProcess } from "../support/worker-process.ts";
import { SETTINGS, useConfirm } from "./confirm-fixture.ts";
import { says } from "./fake-producer.ts";

const fixture = useConfirm();
const WAIT = { timeout: 20_000, interval: 20 };
/** Longer than the lease of an app with a time-out of 1 s. */
const LEASE_SECONDS = 13;

const processes: WorkerProcess[] = [];
afterEach(() => processes.splice(0).forEach((one) => one.kill("SIGKILL")));
async function start(instance: string, settings: Record<string, string> = {}): Promise<WorkerProcess> {
  const one = await startWorkerProcess("confirm", fixture.database.url, {
    ...SETTINGS,
    SURELAY_INSTANCE: instance,
    ...settings,
  });
  processes.push(one);
  return one;
}
const allAre = async (ids: readonly string[]) => [...new Set((await fixture.states(ids)).values())];

test("killed in the middle of checks: nothing is counted, nothing lost, everything asked about again", async () => {
  const held: ServerResponse[] = [];
  const owner = await fixture.app("killed", (_asked, response) => held.push(response));
  const messages = await fixture.prepareDue(owner, 60);
  const ids = messages.map((m) => m.id);
  const victim = await start("victim");
  await expect.poll(() => held.length, WAIT).toBe(16);
  victim.kill("SIGKILL");
  await victim.ended;
  expect(await allAre(ids)).toEqual(["PREPARED"]);
  expect(await fixture.checkBacks(ids)).toEqual([]);
  owner.producer.answer(says("committed"));
  await fixture.passTime(ids, LEASE_SECONDS);
  await fixture.start();
  await expect.poll(() => allAre(ids), WAIT).toEqual(["READY"]);
  const attempts = owner.producer.asked.map((a) => a.request.attempt);
  expect(new Set(attempts)).toEqual(new Set([1]));
  expect(owner.producer.asked).toHaveLength(60 + 16);
  expect(await compareFlow(fixture.database.pool)).toEqual([]);
});

test("stopped past its lease and woken again, what it learns changes nothing", async () => {
  const held: ServerResponse[] = [];
  const owner = await fixture.app("asleep", (_asked, response) => held.push(response), {
    timeoutSeconds: 30,
  });
  const messages = await fixture.prepareDue(owner, 32);
  const ids = messages.map((m) => m.id);
  const zombie = await start("zombie");
  await expect.poll(() => held.length, WAIT).toBe(16);
  zombie.kill("SIGSTOP");
  owner.producer.answer(says("rolled_back"));
  await fixture.passTime(ids, 2 * 30 + LEASE_SECONDS);
  await fixture.start();
  await expect.poll(() => allAre(ids), WAIT).toEqual(["CANCELLED"]);
  const before = owner.producer.asked.length;
  // The zombie's own questions are answered the other way round, and it wakes up to read that.
  held.forEach((response) => response.end('{"outcome":"committed"}'));
  zombie.kill("SIGCONT");
  const late = async () =>
    (await fixture.checkBacks(ids)).filter((k) => k.effect === "too_late" && k.outcome === "committed");
  await expect.poll(async () => (await late()).length, WAIT).toBe(16);
  expect(await allAre(ids)).toEqual(["CANCELLED"]);
  await expect
    .poll(
      () => zombie.log.filter((line) => line.state === "CANCELLED" && line.answer === "confirm").length,
      WAIT,
    )
    .toBe(16);
  // What it had claimed and not asked about: at most asked once more, decided never.
  expect(owner.producer.asked.length - before).toBeLessThanOrEqual(16);
  zombie.kill("SIGTERM");
  expect(await zombie.ended).toBe(0);
  expect(await allAre(ids)).toEqual(["CANCELLED"]);
});

test("asked to stop, it finishes checks under way, gives the others back and says so", async () => {
  const held: ServerResponse[] = [];
  const owner = await fixture.app("leaving", (_asked, response) => held.push(response), {
    timeoutSeconds: 20,
  });
  const messages = await fixture.prepareDue(owner, 40);
  const ids = messages.map((m) => m.id);
  const leaving = await start("leaving");
  await expect.poll(() => held.length, WAIT).toBe(16);
  leaving.kill("SIGTERM");
  const due = "SELECT count(*)::int AS n FROM message_state WHERE id = ANY($1::uuid[]) AND check_at <= now()";
  await expect.poll(async () => (await fixture.database.pool.query(due, [ids])).rows[0].n, WAIT).toBe(24);
  held.forEach((response) => response.end('{"outcome":"committed"}'));
  expect(await leaving.ended).toBe(0);
  const states = [...(await fixture.states(ids)).values()];
  expect(states.filter((state) => state === "READY")).toHaveLength(16);
  const { rows } = await fixture.database.pool.query(
    "SELECT stopped_at IS NOT NULL AS stopped, detail FROM worker_instance WHERE kind = 'confirm' AND name = 'leaving'",
  );
  expect(rows).toMatchObject([{ stopped: true, detail: { asked: expect.any(Number), openBreakers: [] } }]);
});

test("without the signing secret it does not start, and says what to do", async () => {
  const settings = { ...SETTINGS, SURELAY_SIGNING_SECRET: "" };
  await expect(startWorkerProcess("confirm", fixture.database.url, settings)).rejects.toThrow(
    /SURELAY_SIGNING_SECRET is not set/,
  );
});

test("over TLS it asks those whose certificate is trusted, on connections that it keeps, and nobody else", async () => {
  const certificate = await makeCertificate();
  const folder = mkdtempSync(join(tmpdir(), "surelay-trusted-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "trusted.pem");
  writeFileSync(file, certificate.cert);
  const known = await fixture.app("known", says("committed"), {}, { certificate });
  const stranger = await fixture.app(
    "stranger",
    says("committed"),
    {},
    { certificate: await makeCertificate() },
  );
  const idsOf = (messages: { id: string }[]) => messages.map(({ id }) => id);
  const trusted = idsOf(await fixture.prepareDue(known, 40));
  const refused = idsOf(await fixture.prepareDue(stranger, 40));
  await start("secure", { NODE_EXTRA_CA_CERTS: file });
  await expect.poll(() => allAre(trusted), WAIT).toEqual(["READY"]);
  expect(new Set(known.producer.asked.map(({ socketPort }) => socketPort)).size).toBeLessThanOrEqual(16);
  const lastError = async () => (await readBreakers(fixture.database.pool, "stranger"))[0]?.lastError;
  await expect.poll(lastError, WAIT).toMatch(/^not_connected: .*self-signed certificate/);
  expect(stranger.producer.asked).toEqual([]);
  expect(await allAre(refused)).toEqual(["PREPARED"]);
});
