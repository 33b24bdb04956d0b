import { expect, test } from "vitest";
import { newMessageId } from "../../server/domain/message-id.ts";
import { listOutboxFailures, wishForFailures } from "../../server/store/outbox-failures.ts";
import { findOutboxSource } from "../../server/store/outbox-sources.ts";
import { insertReady } from "../../server/store/store-messages.ts";
import { declare, newMessage } from "../support/messages.ts";
import {
  countWaiting,
  insertRows,
  storedByKey,
  untilCollected,
  useCollect,
  PATIENTLY,
} from "./collect-fixture.ts";

const fixture = useCollect();

const sourceId = async () => (await findOutboxSource(fixture.store.pool, "business"))!.id;
const failures = async () => listOutboxFailures(fixture.store.pool, await sourceId(), 100);

test("rows that cannot become messages stay, with the reason, and nothing waits for them but their own keys", async () => {
  await fixture.source();
  const old = "018f0000-0000-7000-8000-000000000001";
  await insertRows(fixture.business.pool, [
    { key: "good", payload: "1" },
    { key: "a", topic: "nobody.knows", payload: "1" },
    { key: "b", id: "7c9e6679-7425-40de-944b-e07fc1f90ae7", payload: "1" },
    { key: "c", headers: '["x"]', payload: "1" },
    { key: "d", id: old, payload: "1" },
    { key: "e", payload: `"${"x".repeat(1024 * 1024)}"` },
    { key: "k".repeat(300), payload: "1" },
    { key: "a", payload: "another topic's key is another key" },
    { key: "b", payload: "2" },
    { key: "good", payload: "2" },
  ]);
  fixture.start({ batch: 3 });
  await untilCollected(fixture, 3, 7);
  expect(await storedByKey(fixture.store.pool)).toEqual({
    good: ["1", "2"],
    a: ["another topic's key is another key"],
  });
  // A row that waits is noted a moment after those that do not were collected.
  await expect.poll(async () => (await failures()).length, PATIENTLY).toBe(6);
  const found = (await failures()).map(({ key, code, detail }) => [
    key?.slice(0, 4),
    code,
    detail.split(/[.;:]/)[0],
  ]);
  expect(found.toSorted((a, b) => String(a[0]).localeCompare(String(b[0])))).toEqual([
    ["a", "validation_failed", 'There is no topic "nobody'],
    ["b", "validation_failed", expect.stringContaining("is not a UUIDv7") as string],
    ["c", "validation_failed", "headers is not an object of strings"],
    ["d", "validation_failed", expect.any(String) as string],
    ["e", "payload_too_large", expect.stringContaining("1048578 bytes") as string],
    ["kkkk", "validation_failed", "Key is longer than 256 characters"],
  ]);
});

test("a topic that is declared later lets its rows go, in order", async () => {
  await fixture.source();
  fixture.start();
  const topic = "late.topic";
  await insertRows(fixture.business.pool, [
    { topic, key: "k", payload: "1" },
    { topic, key: "k", payload: "2" },
    { key: "k", payload: "other" },
    { topic, key: "k", payload: "3" },
  ]);
  await untilCollected(fixture, 1, 3);
  await expect.poll(async () => (await failures())[0]?.attempts, PATIENTLY).toBeGreaterThan(1);
  expect(await failures()).toHaveLength(1);
  await declare(fixture.store.pool, { topic });
  await untilCollected(fixture, 4);
  expect((await storedByKey(fixture.store.pool)).k).toEqual(["other", "1", "2", "3"]);
  await expect.poll(failures, PATIENTLY).toEqual([]);
});

test("a row under the id of another message is refused before anything of its batch is stored after it", async () => {
  const { appId, topicId } = await declare(fixture.store.pool);
  const id = newMessageId();
  await insertReady(fixture.store.hot, [
    newMessage({ appId, topicId }, { id, payload: Buffer.from('"first"') }),
  ]);
  await fixture.source();
  await insertRows(fixture.business.pool, [
    { key: "k", payload: "1" },
    { id, key: "k", payload: "2" },
    { key: "k", payload: "3" },
    { key: "other", payload: "1" },
  ]);
  fixture.start({ retryMs: 60_000 });
  await untilCollected(fixture, 3, 2);
  expect(await storedByKey(fixture.store.pool)).toEqual({ "": ['"first"'], k: ["1"], other: ["1"] });
  await expect.poll(async () => (await failures()).length, PATIENTLY).toBe(1);
  const [failure] = await failures();
  expect(failure).toMatchObject({ messageId: id, code: "id_conflict", key: "k" });

  // Only a person can settle that: the row is thrown away, and what waited behind it goes.
  await wishForFailures(fixture.store.pool, await sourceId(), {
    wanted: "discard",
    refs: [failure!.ref],
    by: "night-shift",
  });
  await untilCollected(fixture, 4);
  expect((await storedByKey(fixture.store.pool)).k).toEqual(["1", "3"]);
  await expect.poll(failures, PATIENTLY).toEqual([]);
});

test("a refused row that its owner deletes or mends is forgotten", async () => {
  await fixture.source();
  const [gone, mended] = await insertRows(fixture.business.pool, [
    { key: "a", topic: "no.such", payload: "1" },
    { key: "b", topic: "no.such", payload: "1" },
    { key: "a", topic: "no.such", payload: "2" },
  ]);
  fixture.start();
  await expect.poll(async () => (await failures()).length, PATIENTLY).toBe(2);
  await fixture.business.pool.query("UPDATE surelay_outbox SET topic = 'orders.created' WHERE id = $1", [
    mended,
  ]);
  await fixture.business.pool.query("DELETE FROM surelay_outbox WHERE id = $1", [gone]);
  await untilCollected(fixture, 1, 1);
  await expect.poll(async () => (await failures()).map(({ key }) => key), PATIENTLY).toEqual(["a"]);
  expect(await storedByKey(fixture.store.pool)).toEqual({ b: ["1"] });
});

test("what is refused is known to the next owner before it reads", async () => {
  await fixture.source();
  await insertRows(fixture.business.pool, [
    { key: "a", topic: "no.such", payload: "1" },
    { key: "a", topic: "no.such", payload: "2" },
  ]);
  fixture.start();
  await expect.poll(async () => (await failures()).length, PATIENTLY).toBe(1);
  await fixture.stop();
  fixture.start({ instance: "collect-b" });
  await insertRows(fixture.business.pool, [{ key: "b", payload: "1" }]);
  await untilCollected(fixture, 1, 2);
  expect(await failures()).toHaveLength(1);
  expect(await countWaiting(fixture.business.pool)).toBe(2);
});
