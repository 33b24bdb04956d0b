import { expect, test } from "vitest";
import { BREAKER_FAILURES } from "../../server/domain/check-breaker.ts";
import { readBreakers } from "../../server/services/check-back/read-breakers.ts";
import { closeBreaker, openBreaker, reopenBreaker, takeProbe } from "../../server/store/check-breakers.ts";
import { useConfirm } from "./confirm-fixture.ts";
import { says } from "./fake-producer.ts";

const fixture = useConfirm();
const WAIT = { timeout: 20_000, interval: 20 };
const db = () => fixture.database.pool;
const breakerOf = async (app: string) => (await readBreakers(db(), app))[0] ?? null;
const countsOf = async (ids: readonly string[]) =>
  (
    await db().query<{ checks: number; n: number }>(
      "SELECT checks, count(*)::int AS n FROM message_state WHERE id = ANY($1::uuid[]) GROUP BY 1 ORDER BY 1",
      [ids],
    )
  ).rows;

test("a dead producer uses up no attempts; alive again, it is asked about everything", async () => {
  const owner = await fixture.app("dead", says("committed"), { maxAttempts: 2 });
  await owner.producer.die();
  const messages = await fixture.prepareDue(owner, 200);
  const ids = messages.map((m) => m.id);
  const replicas = await Promise.all([fixture.start(), fixture.start()]);
  await expect.poll(async () => (await breakerOf("dead"))?.state, WAIT).toBe("open");
  expect((await breakerOf("dead"))!.lastError).toMatch(/^not_connected: .*ECONNREFUSED/);
  // Through probes that fail, too.
  await expect.poll(async () => (await breakerOf("dead"))!.trips, WAIT).toBeGreaterThanOrEqual(2);
  expect(await countsOf(ids)).toEqual([{ checks: 0, n: 200 }]);
  expect(await fixture.checkBacks(ids)).toEqual([]);
  expect(replicas[0]!.report()).toMatchObject({ openBreakers: ["dead"] });

  await owner.producer.revive();
  await expect
    .poll(async () => new Set((await fixture.states(ids)).values()), WAIT)
    .toEqual(new Set(["READY"]));
  expect(await breakerOf("dead")).toMatchObject({ state: "closed", trips: 0, probeAt: null });
  expect(await countsOf(ids)).toEqual([{ checks: 1, n: 200 }]);
});

test("while it is half open one probe is under way, whoever looks", async () => {
  const waiting: (() => void)[] = [];
  const owner = await fixture.app(
    "probed",
    (_asked, response) => waiting.push(() => response.end('{"outcome":"committed"}')),
    {
      timeoutSeconds: 30,
    },
  );
  const messages = await fixture.prepareDue(owner, 50);
  const ids = messages.map((m) => m.id);
  await openBreaker(db(), {
    appId: owner.appId,
    trips: 1,
    openMs: 1,
    failures: BREAKER_FAILURES,
    lastError: "test",
  });
  await Promise.all(Array.from({ length: 4 }, () => fixture.start()));
  await expect.poll(() => waiting.length, WAIT).toBe(1);
  expect(await breakerOf("probed")).toMatchObject({ state: "half_open" });
  // Passes go by: another app's messages are asked about meanwhile.
  const other = await fixture.app("bystander", says("committed"));
  const seen = await fixture.prepareDue(other, 20);
  await expect
    .poll(async () => new Set((await fixture.states(seen.map((m) => m.id))).values()), WAIT)
    .toEqual(new Set(["READY"]));
  expect(waiting.length).toBe(1);
  owner.producer.answer(says("committed"));
  waiting[0]!();
  await expect
    .poll(async () => new Set((await fixture.states(ids)).values()), WAIT)
    .toEqual(new Set(["READY"]));
});

test("5xx and time-outs open it after a few attempts that were sent; an honest unknown or a 404 never does", async () => {
  const failing = await fixture.app("failing", (_asked, response) => response.writeHead(503).end(), {
    concurrency: 1,
  });
  const honest = await fixture.app("honest", says("unknown"), { concurrency: 1 });
  const lost = await fixture.app("lost", (_asked, response) => response.writeHead(404).end(), {
    concurrency: 1,
  });
  const ids = async (owner: typeof failing) => (await fixture.prepareDue(owner, 40)).map((m) => m.id);
  const [a, b, c] = [await ids(failing), await ids(honest), await ids(lost)];
  await fixture.start();
  await expect.poll(async () => (await breakerOf("failing"))?.state, WAIT).toBe("open");
  await expect.poll(async () => (await fixture.checkBacks([...b, ...c])).length, WAIT).toBe(80);
  expect(await breakerOf("honest")).toBeNull();
  expect(await breakerOf("lost")).toBeNull();
  const sent = (await fixture.checkBacks(a)).length;
  expect(sent).toBeGreaterThanOrEqual(1);
  expect(sent).toBeLessThan(20);
  expect((await countsOf(a)).find((row) => row.checks === 0)!.n).toBe(40 - sent);
});

test("an address that is not allowed is never connected to, is not counted, and shows as what it is", async () => {
  const owner = await fixture.app("inside", says("committed"));
  const messages = await fixture.prepareDue(owner, 10);
  await fixture.start({ SURELAY_ALLOWED_HOSTS: "" });
  await expect.poll(async () => (await breakerOf("inside"))?.state, WAIT).toBe("open");
  expect((await breakerOf("inside"))!.lastError).toMatch(
    /^address_not_allowed: 127\.0\.0\.1 .*SURELAY_ALLOWED_HOSTS/,
  );
  expect(owner.producer.asked).toEqual([]);
  expect(await countsOf(messages.map((m) => m.id))).toEqual([{ checks: 0, n: 10 }]);
});

test("of many who move a breaker at once one does, and a move that names an old version does nothing", async () => {
  const owner = await fixture.app("moved", says("committed"));
  await db().query("UPDATE app SET check_url = NULL");
  await fixture.prepareDue(owner, 3);
  const { appId } = owner;
  const many = <T>(work: () => Promise<T | null>) =>
    Promise.all(Array.from({ length: 8 }, work)).then((all) => all.filter((one) => one !== null));
  const opened = await many(() =>
    openBreaker(db(), { appId, trips: 1, openMs: 0, failures: 5, lastError: "x" }),
  );
  expect(opened).toHaveLength(1);
  const probes = await many(() => takeProbe(db(), appId, 60_000));
  expect(probes).toHaveLength(1);
  const version = probes[0]!;
  const stale = version - 1n;
  expect(await closeBreaker(db(), appId, stale)).toBeNull();
  const again = (v: bigint) => ({
    appId,
    version: v,
    trips: 2,
    openMs: 60_000,
    failed: true,
    lastError: "y",
  });
  expect(await reopenBreaker(db(), again(stale))).toBeNull();
  expect(await many(() => reopenBreaker(db(), again(version)))).toHaveLength(1);
  expect(await closeBreaker(db(), appId, version)).toBeNull();
  expect(await takeProbe(db(), appId, 1000)).toBeNull();
  expect(await breakerOf("moved")).toMatchObject({ state: "open", trips: 2, failures: 6, lastError: "y" });
  expect(await many(() => closeBreaker(db(), appId, null))).toHaveLength(1);
  expect(await breakerOf("moved")).toMatchObject({ state: "closed", trips: 0, failures: 0, lastError: "y" });
});

test("without a message to ask about there is no probe", async () => {
  const owner = await fixture.app("empty", says("committed"));
  await openBreaker(db(), { appId: owner.appId, trips: 1, openMs: 0, failures: 5, lastError: "x" });
  expect(await takeProbe(db(), owner.appId, 1000)).toBeNull();
  const [message] = await fixture.prepareDue(owner, 1);
  expect(await takeProbe(db(), owner.appId, 0)).not.toBeNull();
  // Whoever had it died: taken over.
  expect(await takeProbe(db(), owner.appId, 60_000)).not.toBeNull();
  expect(message).toBeDefined();
});
