import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readConfig } from "../../server/config/config.ts";
import { silentLog } from "../../server/log.ts";
import { createRelayKafka } from "../../server/kafka/kafkajs-relay-kafka.ts";
import type { RelayKafka } from "../../server/kafka/port.ts";
import { applyTopology } from "../../server/services/topology/apply-topology.ts";
import { brokerTopics, largestRecord } from "../../server/services/topology/broker-topics.ts";
import type { Topology } from "../../server/services/topology/topology.ts";
import { listApps } from "../../server/store/apps.ts";
import { findTopic } from "../../server/store/topics.ts";
import { useDatabase } from "../support/database.ts";
import { NO_CHECK_SETTINGS } from "../../server/domain/check-policy.ts";
import { createTopic, kafkaBootstrap, uniqueTopic } from "../support/kafka.ts";

const config = readConfig({});
const database = useDatabase();
let kafka: RelayKafka;
beforeAll(() => {
  kafka = createRelayKafka({ brokers: [kafkaBootstrap()], clientId: "apply-test", log: silentLog });
});
afterAll(() => kafka.close());

const apply = (wanted: Topology, dryRun = false) =>
  applyTopology(wanted, {
    db: database.pool,
    broker: brokerTopics(kafka, config),
    actorName: "cli:test",
    dryRun,
  });
const partitionsInBroker = async (name: string) =>
  (await brokerTopics(kafka, config).partitionsOf([name])).get(name);
const topic = (name: string, partitions: number) => ({ name, partitions, schema: null, masked: false });
const auditOf = async (target: string) =>
  (
    await database.pool.query<{ action: string }>(
      "SELECT action FROM audit_log WHERE target_id = $1 ORDER BY id",
      [target],
    )
  ).rows.map((row) => row.action);

it("makes topics that take the largest message intake takes", async () => {
  const name = uniqueTopic("largest");
  await apply({ apps: [], topics: [topic(name, 1)] });
  expect((await kafka.topicFacts(name, 0)).maxBatchBytes).toBe(largestRecord(config));
  expect(largestRecord(config)).toBeGreaterThan(config.SURELAY_MAX_PAYLOAD_BYTES);
});

describe("applyTopology", () => {
  it("makes everything, and changes nothing the second time", async () => {
    const name = uniqueTopic("apply");
    const wanted: Topology = {
      apps: [
        {
          name: "billing",
          checkUrl: "http://127.0.0.1:9/check",
          checkAfterSeconds: 5,
          check: NO_CHECK_SETTINGS,
          contact: null,
        },
      ],
      topics: [{ name, partitions: 2, schema: { type: "object", required: ["a"] }, masked: true }],
    };

    expect(await apply(wanted, true)).toMatchObject({ kind: "planned" });
    expect(await findTopic(database.pool, name)).toBeNull();

    const first = await apply(wanted);
    expect(first).toMatchObject({ kind: "applied", complete: true });
    expect(await partitionsInBroker(name)).toBe(2);
    expect(await listApps(database.pool)).toMatchObject([{ name: "billing", checkAfterSeconds: 5 }]);
    expect(await findTopic(database.pool, name)).toMatchObject({ partitions: 2, masked: true });

    const second = await apply(wanted);
    expect(second.kind === "applied" && second.items.map((i) => i.outcome)).toEqual([
      "unchanged",
      "unchanged",
      "unchanged",
    ]);
    expect(await auditOf(name)).toEqual(["broker_topic.create", "topic.create"]);
    expect(await auditOf("billing")).toEqual(["app.create"]);
  });

  it("adds partitions, and refuses to take them away without touching anything", async () => {
    const name = uniqueTopic("apply");
    await apply({ apps: [], topics: [topic(name, 1)] });
    await apply({ apps: [], topics: [topic(name, 3)] });
    expect(await partitionsInBroker(name)).toBe(3);
    expect(await findTopic(database.pool, name)).toMatchObject({ partitions: 3 });

    const other = {
      name: "untouched",
      checkUrl: null,
      checkAfterSeconds: null,
      check: NO_CHECK_SETTINGS,
      contact: null,
    };
    const result = await apply({ apps: [other], topics: [topic(name, 2)] });
    expect(result.kind).toBe("refused");
    expect(result.kind === "refused" && result.plan.find((i) => i.action === "impossible")?.note).toMatch(
      /has 3 partitions .* cannot take partitions away/,
    );
    expect(await partitionsInBroker(name)).toBe(3);
    expect(await auditOf("untouched")).toEqual([]);
  });

  it("takes over a topic that was made in Kafka by others", async () => {
    const name = await createTopic({ partitions: 2 });
    const result = await apply({ apps: [], topics: [topic(name, 2)] });
    expect(result.kind === "applied" && result.items.map((i) => i.outcome)).toEqual(["unchanged", "done"]);
  });

  it("reports a failure for itself, does the rest, and does what is left when it is repeated", async () => {
    const good = uniqueTopic("apply");
    const bad = uniqueTopic("apply");
    const working = brokerTopics(kafka, config);
    const wanted: Topology = {
      apps: [
        { name: "late", checkUrl: null, checkAfterSeconds: null, check: NO_CHECK_SETTINGS, contact: null },
      ],
      topics: [topic(bad, 1), topic(good, 1)],
    };
    const result = await applyTopology(wanted, {
      db: database.pool,
      actorName: "cli:test",
      broker: {
        ...working,
        ensure: (name, partitions) =>
          name === bad ? Promise.reject(new Error("policy violation")) : working.ensure(name, partitions),
      },
    });
    expect(result).toMatchObject({ kind: "applied", complete: false });
    expect(result.kind === "applied" && result.items.map((i) => i.outcome)).toEqual([
      "done",
      "failed",
      "left_out",
      "done",
      "done",
    ]);
    expect(await findTopic(database.pool, bad)).toBeNull();

    const repeated = await apply(wanted);
    expect(repeated).toMatchObject({ kind: "applied", complete: true });
    expect(await findTopic(database.pool, bad)).not.toBeNull();
  });
});
