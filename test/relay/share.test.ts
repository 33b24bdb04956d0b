import { expect, test } from "vitest";
import { readLanes } from "../../server/store/lanes.ts";
import { markWorkerStopped, reportWorker } from "../../server/store/workers.ts";
import { kafkaBootstrap } from "../support/kafka.ts";
import { readAll } from "./read-all.ts";
import { useRelay, waitForState } from "./relay-fixture.ts";

const fixture = useRelay();

const owners = async () => (await readLanes(fixture.database.pool)).map((l) => String(l.owner)).sort();

const numbered = (from: number) =>
  Array.from({ length: 100 }, (_, n) => ({ key: `k${n}`, payload: Buffer.from(String(from + n)) }));

const beat = (name: string) =>
  reportWorker(fixture.database.pool, {
    heartbeatMs: 1000,
    mode: "run",
    kind: "relay",
    name,
    host: "test",
    pid: process.pid,
    version: "test",
    startedAt: new Date(),
    lastTickAt: null,
    detail: {},
  });

test("relays that join and leave share the lanes; none waits for a lease to run out", async () => {
  const topic = await fixture.topic();
  await beat("relay-a");
  const a = fixture.start({ instance: "relay-a", leaseMs: 60_000, silentMs: 60_000 });
  await expect.poll(owners).toEqual(["relay-a", "relay-a", "relay-a", "relay-a"]);

  await beat("relay-b");
  const b = fixture.start({ instance: "relay-b", leaseMs: 60_000, silentMs: 60_000 });
  await expect.poll(owners, { timeout: 20_000 }).toEqual(["relay-a", "relay-a", "relay-b", "relay-b"]);
  await fixture.store(topic, numbered(0));
  await waitForState(fixture.database.pool, topic.topicId, "SENT", 100);

  await a.stop();
  await markWorkerStopped(fixture.database.pool, "relay", "relay-a", process.pid);
  await expect.poll(owners, { timeout: 20_000 }).toEqual(["relay-b", "relay-b", "relay-b", "relay-b"]);
  await fixture.store(topic, numbered(100));
  await waitForState(fixture.database.pool, topic.topicId, "SENT", 200);
  expect(b.lanes()).toEqual([0, 1, 2, 3]);

  await b.stop();
  await markWorkerStopped(fixture.database.pool, "relay", "relay-b", process.pid);
  expect(await owners()).toEqual(["null", "null", "null", "null"]);
});

test("two relays that wrongly share a name do not fight, and nothing is doubled", async () => {
  const topic = await fixture.topic();
  const first = fixture.start({ instance: "same", leaseMs: 2000 });
  await expect.poll(() => first.lanes().length, { timeout: 20_000 }).toBe(4);
  await fixture.store(topic, numbered(0));
  const second = fixture.start({ instance: "same", leaseMs: 2000 });
  await expect.poll(() => second.lanes().length, { timeout: 20_000 }).toBe(4);
  await expect.poll(() => first.lanes().length, { timeout: 20_000 }).toBe(0);
  await fixture.store(topic, numbered(100));
  await waitForState(fixture.database.pool, topic.topicId, "SENT", 200);
  expect(second.lanes()).toEqual([0, 1, 2, 3]);
  expect((await readAll(topic.topic, kafkaBootstrap())).length).toBe(200);
});
