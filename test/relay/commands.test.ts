import { afterEach, expect, test } from "vitest";
import { silentLog } from "../../server/log.ts";
import { readLanes } from "../../server/store/lanes.ts";
import { commandWorker, forgetWorkers, listWorkers } from "../../server/store/workers.ts";
import { Heartbeat } from "../../workers/runtime/heartbeat.ts";
import { useRelay, waitForState } from "./relay-fixture.ts";

const fixture = useRelay();
const beating: { stop: AbortController; done: Promise<void> }[] = [];
afterEach(async () => {
  for (const { stop } of beating) stop.abort();
  await Promise.all(beating.splice(0).map(({ done }) => done));
});

/** A process as the table of workers knows it. */
function startBeating(name: string, more: Partial<ConstructorParameters<typeof Heartbeat>[0]> = {}) {
  const stop = new AbortController();
  const identity = {
    kind: "relay",
    name,
    host: "here",
    pid: 1,
    version: "0",
    startedAt: new Date(),
  };
  const heartbeat = new Heartbeat({
    pool: fixture.database.pool,
    log: silentLog,
    everyMs: 50,
    identity,
    onQuiet: () => undefined,
    onStop: () => undefined,
    ...more,
  });
  beating.push({ stop, done: heartbeat.beat(stop.signal) });
  return { heartbeat, identity };
}

const rowOf = async (name: string) => (await listWorkers(fixture.database.pool)).find((w) => w.name === name);
const ask = (name: string, startedAt: Date, wanted: "run" | "quiet" | "stop") =>
  commandWorker(fixture.database.pool, { kind: "relay", name, startedAt, wanted, by: "mara" });
const owners = async () =>
  [...new Set((await readLanes(fixture.database.pool)).map((l) => l.owner))].toSorted((a, b) =>
    String(a).localeCompare(String(b)),
  );

test("a quiet relay gives its lanes to another and takes its share again when it may", async () => {
  const topic = await fixture.topic();
  const a = fixture.start({ instance: "quiet-a" });
  const { identity } = startBeating("quiet-a", { onQuiet: (quiet) => a.setQuiet(quiet) });
  await expect.poll(owners).toEqual(["quiet-a"]);
  await ask("quiet-a", identity.startedAt, "quiet");
  await expect.poll(owners).toEqual([null]);
  await expect.poll(async () => (await rowOf("quiet-a"))?.mode).toBe("quiet");
  await fixture.store(topic, [{ key: "k" }]);
  fixture.start({ instance: "quiet-b" });
  startBeating("quiet-b");
  await waitForState(fixture.database.pool, topic.topicId, "SENT", 1);
  await expect.poll(owners).toEqual(["quiet-b"]);
  expect(await ask("quiet-a", identity.startedAt, "run")).toEqual({ outcome: "asked", before: "quiet" });
  await expect.poll(owners, { timeout: 20_000 }).toEqual(["quiet-a", "quiet-b"]);
});

test("a stop reaches the process that was meant, and no other that runs under its name", async () => {
  const heard: (string | null)[] = [];
  const { identity } = startBeating("once", { onStop: (by) => heard.push(by) });
  await expect.poll(async () => (await rowOf("once"))?.mode).toBe("run");
  expect(await ask("once", new Date(0), "stop")).toEqual({ outcome: "gone" });
  expect(await ask("nobody", identity.startedAt, "stop")).toEqual({ outcome: "not_found" });
  expect(await ask("once", identity.startedAt, "run")).toEqual({ outcome: "unchanged" });
  expect(heard).toEqual([]);
  expect(await ask("once", identity.startedAt, "stop")).toEqual({ outcome: "asked", before: "run" });
  await expect.poll(() => heard[0]).toBe("mara");
  expect(await ask("once", identity.startedAt, "run")).toEqual({ outcome: "gone" });
  for (const { stop } of beating) stop.abort();
  await Promise.all(beating.splice(0).map(({ done }) => done));

  // Started again: it runs, whatever was wanted of the one before it.
  startBeating("once");
  await expect.poll(async () => (await rowOf("once"))?.wanted).toBe("run");
  expect(await rowOf("once")).toMatchObject({ wantedBy: null, mode: "run" });
});

test("a process that ends says so before and after, and is forgotten in time", async () => {
  const { heartbeat } = startBeating("ending");
  await expect.poll(() => rowOf("ending")).toBeDefined();
  for (const { stop } of beating) stop.abort();
  await Promise.all(beating.map(({ done }) => done));
  let finish: () => void = () => undefined;
  const ending = heartbeat.whileStopping(new Promise((done) => (finish = done)));
  await expect.poll(async () => (await rowOf("ending"))?.mode).toBe("stopping");
  expect((await rowOf("ending"))?.stoppedAt).toBeNull();
  finish();
  await ending;
  expect((await rowOf("ending"))?.stoppedAt).toBeInstanceOf(Date);
  await fixture.database.pool.query(
    "UPDATE worker_instance SET heartbeat_at = now() - interval '8 days' WHERE name = 'ending'",
  );
  expect(await forgetWorkers(fixture.database.pool, 7)).toBe(1);
  expect(await rowOf("ending")).toBeUndefined();
});
