import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readConfig } from "../../server/config/config.ts";
import { createRelayKafka } from "../../server/kafka/kafkajs-relay-kafka.ts";
import type { RelayKafka } from "../../server/kafka/port.ts";
import { createTopicAdmin } from "../../server/kafka/topic-admin.ts";
import { silentLog } from "../../server/log.ts";
import type { ConsoleBroker } from "../../server/services/registry/require-broker.ts";
import { applyTopology } from "../../server/services/topology/apply-topology.ts";
import { brokerTopics } from "../../server/services/topology/broker-topics.ts";
import { parseTopology } from "../../server/services/topology/parse-topology.ts";
import { insertReady } from "../../server/store/store-messages.ts";
import { createCaller } from "../../server/trpc/router.ts";
import { useDatabase } from "../support/database.ts";
import { createTopic, kafkaBootstrap, uniqueTopic } from "../support/kafka.ts";
import { declare, newMessage } from "../support/messages.ts";
import { NO_CHECK_SETTINGS } from "../../server/domain/check-policy.ts";
import { contextOf, operatorWith } from "./console-context.ts";

const config = readConfig({});
const database = useDatabase();
let kafka: RelayKafka;
let broker: ConsoleBroker;
beforeAll(() => {
  const options = { brokers: [kafkaBootstrap()], clientId: "registry-test", log: silentLog };
  kafka = createRelayKafka(options);
  broker = { topics: brokerTopics(kafka, config), admin: createTopicAdmin(options) };
});
afterAll(() => kafka.close());

/** The console as an admin uses it, with the broker unless told otherwise. */
const asAdmin = (known: ConsoleBroker | null = broker) =>
  createCaller({ ...contextOf(database.pool, operatorWith("admin")), broker: known });
const app = (name: string) => ({ name, checkUrl: null, checkAfterSeconds: null, contact: null });

interface Entry {
  action: string;
  actor: string;
  before: unknown;
  after: unknown;
  reason: string | null;
  ip: string | null;
}
async function auditOf(target: string): Promise<Entry[]> {
  const { rows } = await database.pool.query<Entry>(
    "SELECT action, actor_name AS actor, before, after, reason, ip FROM audit_log WHERE target_id = $1 ORDER BY id",
    [target],
  );
  return rows;
}

describe("apps", () => {
  test("are declared once, in the file's own form, with an entry in the audit log", async () => {
    const wanted = { ...app("payments"), contact: "team payments", checkUrl: "https://pay.example/check" };
    await asAdmin().apps.create(wanted);
    await expect(asAdmin().apps.create(wanted)).rejects.toMatchObject({
      code: "CONFLICT",
      message: 'There is an app "payments" already.',
    });
    await expect(asAdmin().apps.create(app("Payments"))).rejects.toMatchObject({ code: "BAD_REQUEST" });
    const read = await asAdmin().apps.read({ name: "payments" });
    expect(read).toMatchObject({ ...wanted, keys: 0, appliedAt: null, rate: 0 });
    expect(read.changedAt).toBeInstanceOf(Date);
    expect(parseTopology(read.file.yaml).file?.apps).toEqual([{ ...wanted, check: NO_CHECK_SETTINGS }]);
    expect(await auditOf("payments")).toEqual([
      {
        action: "app.create",
        actor: "night-shift",
        before: null,
        after: wanted,
        reason: null,
        ip: "203.0.113.7",
      },
    ]);
  });

  test("of two changes from the same sight one is written, and the other learns who was first", async () => {
    await asAdmin().apps.create(app("raced"));
    const { updatedAt: seen } = await asAdmin().apps.read({ name: "raced" });
    const change = (contact: string) =>
      asAdmin().apps.change({ app: { ...app("raced"), contact }, seen, reason: "on call" });
    const results = await Promise.all([change("one"), change("two")]);
    expect(results.map(({ kind }) => kind).toSorted()).toEqual(["changed", "changed_meanwhile"]);
    const lost = results.find(({ kind }) => kind === "changed_meanwhile");
    expect(lost).toMatchObject({ by: "night-shift", at: expect.any(Date) as Date });
    const { contact, updatedAt } = await asAdmin().apps.read({ name: "raced" });
    const written = (await auditOf("raced")).filter(({ action }) => action === "app.change");
    expect(written).toMatchObject([
      { before: app("raced"), after: { ...app("raced"), contact }, reason: "on call" },
    ]);
    // From what is there now it works.
    const again = await asAdmin().apps.change({
      app: { ...app("raced"), contact: "three" },
      seen: updatedAt,
    });
    expect(again.kind).toBe("changed");
  });

  test("a change to what is there already writes nothing", async () => {
    await asAdmin().apps.create(app("same"));
    const { updatedAt: seen } = await asAdmin().apps.read({ name: "same" });
    expect(await asAdmin().apps.change({ app: app("same"), seen })).toEqual({ kind: "unchanged" });
    expect(await auditOf("same")).toHaveLength(1);
  });

  test("tell when a file declared them and when somebody changed them after", async () => {
    const topology = { apps: [{ ...app("filed"), check: NO_CHECK_SETTINGS }], topics: [] };
    await applyTopology(topology, { db: database.pool, broker: broker.topics, actorName: "cli:test" });
    const before = await asAdmin().apps.read({ name: "filed" });
    expect([before.appliedAt, before.changedAt]).toEqual([expect.any(Date), null]);
    await asAdmin().apps.change({ app: { ...app("filed"), contact: "me" }, seen: before.updatedAt });
    const after = await asAdmin().apps.read({ name: "filed" });
    expect(after.changedAt!.getTime()).toBeGreaterThanOrEqual(after.appliedAt!.getTime());
  });

  test("show what they store and what of it waits", async () => {
    const [name, topic] = ["storing", "storing.done"];
    const declared = await declare(database.pool, { app: name, topic });
    await insertReady(database.pool, [newMessage(declared), newMessage(declared)]);
    const shown = await asAdmin().apps.read({ name });
    expect(shown.topics).toMatchObject([{ topic, stored: 2 }]);
    expect(shown.waiting.READY).toMatchObject({ count: 2 });
    const row = (await asAdmin().topics.declared()).find((one) => one.name === topic);
    expect(row?.waiting.READY?.count).toBe(2);
  });
});

describe("API keys", () => {
  test("are told once, kept as a hash, and end with a reason", async () => {
    await asAdmin().apps.create(app("keyed"));
    const made = await asAdmin().keys.create({
      app: "keyed",
      scopes: ["produce"],
      note: "the till",
      ratePerSecond: 50,
    });
    expect(made.key).toMatch(/^slk_[a-z0-9]{16}_/);
    const listed = await asAdmin().keys.list();
    expect(JSON.stringify(listed)).not.toContain(made.key.replace(/^slk_[a-z0-9]+_/, ""));
    expect(listed.find(({ id }) => id === made.id)).toMatchObject({
      note: "the till",
      createdBy: "night-shift",
    });
    expect(await asAdmin().keys.revoke({ id: made.id, reason: "left the shop" })).toEqual({ changed: true });
    expect(await asAdmin().keys.revoke({ id: made.id, reason: "once more" })).toEqual({ changed: false });
    expect(await auditOf(made.id)).toMatchObject([
      { action: "api_key.create", actor: "night-shift", ip: "203.0.113.7" },
      { action: "api_key.revoke", actor: "night-shift", reason: "left the shop", ip: "203.0.113.7" },
    ]);
    expect((await asAdmin().apps.read({ name: "keyed" })).keys).toBe(0);
  });

  test("are refused without a scope, for no app, at no rate", async () => {
    const key = { app: "keyed", scopes: ["produce" as const], note: null, ratePerSecond: null };
    await expect(asAdmin().keys.create({ ...key, scopes: [] })).rejects.toMatchObject({
      code: "BAD_REQUEST",
    });
    await expect(asAdmin().keys.create({ ...key, ratePerSecond: 0 })).rejects.toMatchObject({
      code: "BAD_REQUEST",
    });
    await expect(asAdmin().keys.create({ ...key, app: "nobody" })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });
});

describe("topics", () => {
  const newTopic = (name: string, partitions = 2) => ({ name, partitions, schema: null, masked: false });

  test("are made in Kafka, then here", async () => {
    const name = uniqueTopic("made");
    expect(await asAdmin().topics.plan({ name, partitions: 2 })).toEqual({ action: "create", present: null });
    await asAdmin().topics.create({ ...newTopic(name), schema: '{"type":"object"}', masked: true });
    expect(await asAdmin().topics.read({ name })).toMatchObject({
      partitions: 2,
      masked: true,
      schema: { type: "object" },
    });
    const seen = await asAdmin().topics.inBroker({ name });
    expect(seen).toMatchObject({ kind: "present", config: { cleanupPolicy: "delete" } });
    expect(seen.kind === "present" && seen.partitions).toMatchObject([
      { id: 0, replicas: 1, inSync: 1, first: 0n, end: 0n },
      { id: 1 },
    ]);
    expect((await auditOf(name)).map(({ action }) => action)).toEqual([
      "broker_topic.create",
      "topic.create",
    ]);
    await expect(asAdmin().topics.create(newTopic(name))).rejects.toMatchObject({ code: "CONFLICT" });
  });

  test("that Kafka has already are taken over, but not with fewer partitions", async () => {
    const name = await createTopic({ partitions: 3 });
    expect(await asAdmin().topics.plan({ name, partitions: 2 })).toEqual({
      action: "impossible",
      present: 3,
    });
    await expect(asAdmin().topics.create(newTopic(name, 2))).rejects.toMatchObject({ code: "BAD_REQUEST" });
    await expect(asAdmin().topics.read({ name })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await asAdmin().topics.create(newTopic(name, 3));
    expect((await auditOf(name)).map(({ action }) => action)).toEqual(["topic.create"]);
  });

  test("get more partitions in both places, from what somebody saw", async () => {
    const name = uniqueTopic("raised");
    await asAdmin().topics.create(newTopic(name));
    const raise = (from: number, to: number) =>
      asAdmin().topics.raisePartitions({ name, from, to, reason: "more consumers" });
    await expect(raise(2, 2)).rejects.toMatchObject({ code: "BAD_REQUEST" });
    expect(await raise(2, 4)).toEqual({ kind: "changed" });
    expect(await raise(2, 6)).toMatchObject({ kind: "changed_meanwhile", by: "night-shift" });
    const seen = await asAdmin().topics.inBroker({ name });
    expect(seen.kind === "present" && seen.partitions).toHaveLength(4);
    expect((await auditOf(name)).slice(2)).toMatchObject([
      { action: "broker_topic.change", before: { partitions: 2 }, after: { partitions: 4 } },
      { action: "topic.change", reason: "more consumers" },
    ]);
  });

  test("take their subscriptions' own topics along when they get more partitions", async () => {
    const name = uniqueTopic("fanned");
    await asAdmin().topics.create(newTopic(name, 1));
    await asAdmin().subscriptions.declare({
      topic: name,
      name: "stock",
      ack: "explicit",
      deadLetterTopic: true,
    });
    await asAdmin().subscriptions.declare({ topic: name, name: "ledger", ack: "offset" });
    const raise = (from: number, to: number) =>
      asAdmin().topics.raisePartitions({ name, from, to, reason: "more consumers" });
    expect(await raise(1, 3)).toEqual({ kind: "changed" });
    const { rows } = await database.pool.query<{ name: string; partitions: number }>(
      "SELECT name, partitions FROM topic WHERE starts_with(name, $1) ORDER BY name",
      [name],
    );
    expect(rows).toEqual([
      { name, partitions: 3 },
      { name: `${name}.stock.dlq`, partitions: 3 },
      { name: `${name}.stock.retry`, partitions: 3 },
    ]);
    expect([...(await broker.topics.partitionsOf(rows.map((row) => row.name))).values()]).toEqual([3, 3, 3]);
  });

  test("that are gone from Kafka are seen to be, and made again", async () => {
    const name = uniqueTopic("gone");
    await database.pool.query("INSERT INTO topic (name, partitions) VALUES ($1, 3)", [name]);
    expect(await asAdmin().topics.inBroker({ name })).toEqual({ kind: "missing" });
    const mended = await asAdmin().topics.mend({ name, reason: "removed by mistake" });
    expect(mended).toEqual({ action: "create", present: null });
    const seen = await asAdmin().topics.inBroker({ name });
    expect(seen.kind === "present" && seen.partitions).toHaveLength(3);
    expect(await asAdmin().topics.mend({ name, reason: "once more" })).toMatchObject({ action: "unchanged" });
    expect(await auditOf(name)).toMatchObject([
      { action: "broker_topic.create", reason: "removed by mistake" },
    ]);
  });

  test("that were just made are seen, though their broker is told a moment later that it leads them", async () => {
    const names = Array.from({ length: 24 }, () => uniqueTopic("fresh"));
    const look = async (name: string) => {
      await broker.topics.ensure(name, 3);
      return (await broker.admin.describe(name)).partitions.map(({ id, leader }) => ({
        id,
        led: leader !== null,
      }));
    };
    const led = [0, 1, 2].map((id) => ({ id, led: true }));
    expect(await Promise.all(names.map(look))).toEqual(names.map(() => led));
  });

  test("are looked at without a broker, and changed only as far as that goes", async () => {
    const name = uniqueTopic("alone");
    await database.pool.query("INSERT INTO topic (name, partitions) VALUES ($1, 1)", [name]);
    expect(await asAdmin(null).topics.inBroker({ name })).toEqual({ kind: "not_asked" });
    await expect(asAdmin(null).topics.create(newTopic(uniqueTopic()))).rejects.toMatchObject({
      code: "SERVICE_UNAVAILABLE",
    });
    const options = { brokers: ["127.0.0.1:1"], clientId: "registry-test", log: silentLog };
    const away = createRelayKafka(options);
    const deaf = { topics: brokerTopics(away, config), admin: createTopicAdmin(options) };
    expect(await asAdmin(deaf).topics.inBroker({ name })).toMatchObject({ kind: "no_answer" });
    await away.close();
  });

  test("are masked and unmasked by one of two who saw the same", async () => {
    const name = uniqueTopic("masked");
    await database.pool.query("INSERT INTO topic (name, partitions) VALUES ($1, 1)", [name]);
    const { updatedAt: seen } = await asAdmin().topics.read({ name });
    const mask = (masked: boolean, at: Date) =>
      asAdmin().topics.mask({ name, masked, seen: at, reason: "salaries" });
    expect(await mask(false, seen)).toEqual({ kind: "unchanged" });
    expect(await mask(true, seen)).toEqual({ kind: "changed" });
    expect(await mask(false, seen)).toMatchObject({ kind: "changed_meanwhile", by: "night-shift" });
    expect(await auditOf(name)).toMatchObject([
      { action: "topic.change", before: { masked: false }, after: { masked: true }, reason: "salaries" },
    ]);
  });

  test("are paused and resumed, each written once", async () => {
    const name = uniqueTopic("paused");
    await database.pool.query("INSERT INTO topic (name, partitions) VALUES ($1, 1)", [name]);
    const pause = (paused: boolean) => asAdmin().topics.pause({ name, paused, reason: "consumer is broken" });
    expect([await pause(true), await pause(true)]).toEqual([{ changed: true }, { changed: false }]);
    expect(await asAdmin().topics.read({ name })).toMatchObject({
      pausedAt: expect.any(Date) as Date,
      pausedBy: "night-shift",
      pauseReason: "consumer is broken",
    });
    expect([await pause(false), await pause(false)]).toEqual([{ changed: true }, { changed: false }]);
    expect((await auditOf(name)).map(({ action }) => action)).toEqual(["topic.pause", "topic.resume"]);
  });

  test("keep a schema that compiles, and tell a stale editor", async () => {
    const name = uniqueTopic("schema");
    await database.pool.query("INSERT INTO topic (name, partitions) VALUES ($1, 1)", [name]);
    const { updatedAt: seen } = await asAdmin().topics.read({ name });
    const set = (schema: string | null, at = seen) =>
      asAdmin().topics.changeSchema({ name, schema, seen: at });
    await expect(set('{"type":"objekt"}')).rejects.toMatchObject({ code: "BAD_REQUEST" });
    await expect(set("[]")).rejects.toMatchObject({ code: "BAD_REQUEST" });
    expect(await set('{"type":"object"}')).toEqual({ kind: "changed" });
    expect(await set(null)).toMatchObject({ kind: "changed_meanwhile" });
    const { updatedAt, file } = await asAdmin().topics.read({ name });
    expect(file.schemas).toEqual([{ path: `./${name}.schema.json`, text: '{\n  "type": "object"\n}\n' }]);
    expect(await set(null, updatedAt)).toEqual({ kind: "changed" });
  });

  test("a schema is tried on an example and on what was sent lately, and nothing is written", async () => {
    const topic = "schema.tried";
    const declared = await declare(database.pool, { topic });
    const payloads = ['{"total":1}', '{"total":"1"}', "no JSON"];
    const messages = payloads.map((payload) => ({ ...newMessage(declared), payload: Buffer.from(payload) }));
    await insertReady(database.pool, messages);
    const schema = '{"type":"object","properties":{"total":{"type":"integer"}},"additionalProperties":false}';
    const tried = await asAdmin().topics.trySchema({
      topic,
      schema,
      example: '{"total":1,"extra":2}',
    });
    expect(tried.fault).toBeNull();
    expect(tried.example?.faults).toEqual([
      { path: "/", message: 'must NOT have additional properties: "extra"' },
    ]);
    expect(tried.recent).toMatchObject({ checked: 3, passed: 1 });
    if (tried.recent === null || tried.recent === "masked") throw new Error(String(tried.recent));
    const failing = new Map(tried.recent.failing.map(({ id, faults }) => [id, faults]));
    expect(failing.get(messages[1]!.id)).toEqual([{ path: "/total", message: "must be integer" }]);
    expect(failing.get(messages[2]!.id)).toEqual([{ path: "/", message: "not JSON" }]);
    await database.pool.query("UPDATE topic SET masked = true WHERE name = $1", [topic]);
    // Not even how many fit is told: a schema with `const` would read what is masked.
    const guess = '{"properties":{"total":{"const":1}}}';
    const hidden = await asAdmin().topics.trySchema({ topic, schema: guess, example: '{"total":2}' });
    expect(hidden).toMatchObject({ example: { faults: [{ path: "/total" }] }, recent: "masked" });
    expect(await asAdmin().topics.trySchema({ topic: null, schema: "{", example: null })).toMatchObject({
      fault: expect.stringContaining("not JSON") as string,
      recent: null,
    });
  });
});
