import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  type Admin,
  Kafka,
  logLevel,
  Partitioners,
  ResourcePatternTypes,
} from "kafkajs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LocalBroker, startBroker } from "../../local/kafka.ts";
import { createTopics } from "../../server/kafka/create-topics.ts";
import { createGroupOffsets, type GroupOffsets } from "../../server/kafka/group-offsets.ts";
import { silentLog } from "../../server/log.ts";
import { readGroupProgress } from "../../server/store/read-subscriptions.ts";
import { TopicWatch } from "../../workers/ack/watch-topic.ts";
import { useDatabase } from "../support/database.ts";
import { commitOffset } from "../support/kafka.ts";
import { type Given, given, mark } from "./ack-fixture.ts";

const db = useDatabase();
const folder = mkdtempSync(join(tmpdir(), "surelay-mute-"));
const own = {} as { broker: LocalBroker; client: Kafka; admin: Admin; groups: GroupOffsets };

beforeAll(async () => {
  const broker = await startBroker({
    dataDir: folder,
    properties: {
      "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
      "allow.everyone.if.no.acl.found": "true",
    },
  });
  const brokers = [broker.bootstrap];
  const client = new Kafka({ brokers, clientId: "test", logLevel: logLevel.NOTHING });
  const groups = createGroupOffsets({ brokers, clientId: "test-groups", log: silentLog });
  Object.assign(own, { broker, client, admin: client.admin(), groups });
  await own.admin.connect();
}, 60_000);
afterAll(async () => {
  await own.groups?.close();
  await own.admin?.disconnect();
  await own.broker?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A topic whose groups `mute` and `open` have committed all of its SENT messages. */
async function committed(ack: { mute: "offset" | "explicit" }, count: number): Promise<Given> {
  const [mute, open] = ["mute", "open"].map((name) => `${name}-${randomBytes(4).toString("hex")}`);
  const made = await given(
    db,
    [
      { name: "mute", ack: ack.mute, groupId: mute },
      { name: "open", ack: "offset", groupId: open },
    ],
    count,
  );
  await createTopics(own.admin, [{ topic: made.topic, numPartitions: 1 }]);
  const producer = own.client.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  await producer.send({ topic: made.topic, messages: made.messages.map(() => ({ value: "{}" })) });
  await producer.disconnect();
  await mark(db, made.messages);
  const { bootstrap } = own.broker;
  for (const { groupId } of made.subscriptions)
    await commitOffset({ groupId, topic: made.topic, partition: 0, offset: count, bootstrap });
  return made;
}

const denied = (made: Given) => ({
  resourceType: AclResourceTypes.GROUP,
  resourceName: made.subscriptions[0]!.groupId,
  resourcePatternType: ResourcePatternTypes.LITERAL,
  principal: "User:ANONYMOUS",
  host: "*",
  operation: AclOperationTypes.ALL,
  permissionType: AclPermissionTypes.DENY,
});

const watchOf = (made: Given, kafka: GroupOffsets) =>
  new TopicWatch(made.owner.topicId, { db: db.pool, hot: db.hot, kafka, idleMs: 100 });

const positions = async (made: Given) =>
  (await readGroupProgress(db.pool, null))
    .filter(({ subscriptionId }) => made.subscriptions.some(({ id }) => id === subscriptionId))
    .map(({ subscriptionId, committed }) => [
      made.subscriptions.find(({ id }) => id === subscriptionId)!.name,
      committed,
    ]);

const NOT_PERMITTED = { fault: { code: "GROUP_AUTHORIZATION_FAILED" } };

test("a group that may not be asked holds back what it settles, and nothing of the others", async () => {
  const made = await committed({ mute: "offset" }, 3);
  await own.admin.createAcls({ acl: [denied(made)] });
  const watch = watchOf(made, own.groups);
  await expect.poll(() => watch.pass(), { timeout: 20_000 }).toMatchObject({ settled: 0, ...NOT_PERMITTED });
  expect(await positions(made)).toContainEqual(["open", "3"]);
  await own.admin.deleteAcls({ filters: [denied(made)] });
  await expect.poll(() => watch.pass(), { timeout: 20_000 }).toMatchObject({ settled: 3, fault: null });
  expect(await positions(made)).toEqual([
    ["mute", "3"],
    ["open", "3"],
  ]);
});

test("a group that acknowledges and may not be asked holds nothing back", async () => {
  const made = await committed({ mute: "explicit" }, 3);
  await own.admin.createAcls({ acl: [denied(made)] });
  const { groupId } = made.subscriptions[0]!;
  await expect
    .poll(() => own.groups.committed(groupId, made.topic).catch((fault: unknown) => fault))
    .toMatchObject(NOT_PERMITTED.fault);
  expect(await watchOf(made, own.groups).pass()).toMatchObject({ moved: true, ...NOT_PERMITTED });
  expect(await positions(made)).toEqual([["open", "3"]]);
});

test("a position was seen before the ends were read, however long the rest of the pass takes", async () => {
  const made = await committed({ mute: "explicit" }, 1);
  const times: Date[] = [];
  const ends: GroupOffsets["ends"] = async (topic) => {
    const { rows } = await db.pool.query<{ now: Date }>("SELECT now()");
    times.push(rows[0]!.now);
    return own.groups.ends(topic);
  };
  await watchOf(made, { ...own.groups, ends }).pass();
  for (const { id } of made.subscriptions)
    for (const { seenAt } of await readGroupProgress(db.pool, id))
      expect(seenAt.getTime()).toBeLessThanOrEqual(times[0]!.getTime());
});
