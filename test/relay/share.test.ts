import { expect, test } from "vitest";
import { readLanes } from "../../server/store/lanes.ts";
import { markWorkerStopped, reportWorker } from "../../server/store/workers.ts";
import { useRelay, waitForState } from "./relay-fixture.ts";

const fixture = useRelay();

const owners = async () => (await readLanes(fixture.database.pool)).map((l) => String(l.owner)).sort();

const beat = (name: string) =>
  reportWorker(fixture.database.pool, {
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
  const messages = (from: number) =>
    Array.from({ length: 100 }, (_, n) => ({ key: `k${n}`, payload: Buffer.from(String(from + n)) }));
  await fixture.store(topic, messages(0));
  await waitForState(fixture.database.pool, topic.topicId, "SENT", 100);

  await a.stop();
  await markWorkerStopped(fixture.database.pool, "relay", "relay-a", process.pid);
  await expect.poll(owners, { timeout: 20_000 }).toEqual(["relay-b", "relay-b", "relay-b", "relay-b"]);
  await fixture.store(topic, messages(100));
  await waitForState(fixture.database.pool, topic.topicId, "SENT", 200);
  expect(b.lanes()).toEqual([0, 1, 2, 3]);

  await b.stop();
  expect(await owners()).toEqual(["null", "null", "null", "null"]);
});
