import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import kafkajs from "kafkajs";
import { expect, test } from "vitest";
import { startBroker } from "../../local/kafka.ts";
import { createTopics } from "../../server/kafka/create-topics.ts";
import { findTopic } from "../../server/store/topics.ts";
import { createTopic, kafkaBootstrap } from "../support/kafka.ts";
import { readAll } from "./read-all.ts";
import { type DeclaredTopic, useRelay, waitForState } from "./relay-fixture.ts";

const fixture = useRelay();

const numbered = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({
    key: `k${(from + i) % 7}`,
    payload: Buffer.from(JSON.stringify({ n: from + i })),
  }));

async function expectInOrder(topic: string, count: number, bootstrap = kafkaBootstrap()): Promise<void> {
  const records = await readAll(topic, bootstrap);
  expect(records.length).toBe(count);
  const last = new Map<string, number>();
  for (const record of records) {
    const { n } = JSON.parse(record.value!.toString()) as { n: number };
    const key = record.key!.toString();
    expect(n).toBeGreaterThan(last.get(key) ?? -1);
    last.set(key, n);
  }
}

const held = async (topicId: number) => {
  const { rows } = await fixture.database.pool.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM message_state WHERE topic_id = $1 AND held_at IS NOT NULL",
    [topicId],
  );
  return rows[0]!.n;
};
const faultOf = async (of: DeclaredTopic) => (await findTopic(fixture.database.pool, of.topic))!.faultCode;

test("a missing topic is held by itself and visibly, and heals in order when it appears", async () => {
  const missing = await fixture.topic({ inBroker: false });
  const present = await fixture.topic();
  await fixture.store(missing, numbered(0, 150));
  await fixture.store(present, numbered(0, 150));
  fixture.start({ batch: 40 });
  await waitForState(fixture.database.pool, present.topicId, "SENT", 150);
  await expect.poll(() => held(missing.topicId), { timeout: 20_000 }).toBe(150);
  expect(await findTopic(fixture.database.pool, missing.topic)).toMatchObject({
    faultCode: "topic_missing",
    faultDetail: expect.stringContaining(missing.topic) as string,
  });
  await fixture.store(missing, numbered(150, 150)); // these come later and must stay later
  await createTopic({ name: missing.topic, partitions: 3 });
  await fixture.store(missing, numbered(300, 150));
  await waitForState(fixture.database.pool, missing.topicId, "SENT", 450);
  await expect.poll(() => faultOf(missing)).toBeNull();
  await expectInOrder(missing.topic, 450);
});

test("a topic that may not be written is held and heals alike; nothing is doubled by trying", async () => {
  const folder = mkdtempSync(join(tmpdir(), "surelay-acl-"));
  const broker = await startBroker({
    dataDir: folder,
    properties: {
      "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
      "allow.everyone.if.no.acl.found": "true",
    },
  });
  const admin = new kafkajs.Kafka({
    brokers: [broker.bootstrap],
    logLevel: kafkajs.logLevel.NOTHING,
  }).admin();
  try {
    const forbidden = await fixture.topic({ inBroker: false });
    const allowed = await fixture.topic({ inBroker: false });
    await admin.connect();
    await createTopics(
      admin,
      [forbidden, allowed].map(({ topic }) => ({ topic, numPartitions: 3 })),
    );
    const acl = (permission: kafkajs.AclPermissionTypes) => ({
      resourceType: kafkajs.AclResourceTypes.TOPIC,
      resourceName: forbidden.topic,
      resourcePatternType: kafkajs.ResourcePatternTypes.LITERAL,
      principal: "User:ANONYMOUS",
      host: "*",
      operation: kafkajs.AclOperationTypes.WRITE,
      permissionType: permission,
    });
    const allow = { ...acl(kafkajs.AclPermissionTypes.ALLOW), operation: kafkajs.AclOperationTypes.ALL };
    await admin.createAcls({ acl: [allow, acl(kafkajs.AclPermissionTypes.DENY)] });
    await fixture.store(forbidden, numbered(0, 100));
    await fixture.store(allowed, numbered(0, 100));
    fixture.start({}, fixture.kafka(broker.bootstrap));
    await waitForState(fixture.database.pool, allowed.topicId, "SENT", 100);
    await expect.poll(() => faultOf(forbidden), { timeout: 20_000 }).toBe("not_permitted");
    await fixture.store(forbidden, numbered(100, 100));
    await admin.deleteAcls({
      filters: [{ ...acl(kafkajs.AclPermissionTypes.DENY) }],
    });
    await waitForState(fixture.database.pool, forbidden.topicId, "SENT", 200);
    await expect.poll(() => faultOf(forbidden)).toBeNull();
    await expectInOrder(forbidden.topic, 200, broker.bootstrap);
  } finally {
    await admin.disconnect();
    await fixture.stop();
    await broker.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
