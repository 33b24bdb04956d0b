import { within } from "../deadline.ts";
import type { Log } from "../log.ts";
import { type Broker, type Cluster, createClient, GROUP_COORDINATOR } from "./client.ts";
import { faultOf, KafkaFault } from "./fault.ts";
import { firstCommitted, type FirstRecord } from "./read-committed.ts";

/** Offsets by partition. */
export type Offsets = Map<number, bigint>;

/** What a watcher of consumer groups asks the broker. Every method may throw KafkaFault and nothing else. */
export interface GroupOffsets {
  /** Offsets that the next records of a topic get. @throws KafkaFault `topic_missing` and others */
  ends(topic: string): Promise<Offsets>;
  /** What a group has committed of a topic; a partition without a commit is absent. */
  committed(groupId: string, topic: string): Promise<Offsets>;
  /** The first record of [from, to) that consumers see: control records and aborted ones take offsets, too. */
  firstRecord(range: { topic: string; partition: number; from: bigint; to: bigint }): Promise<FirstRecord>;
  /**
   * Whether somebody is in a group and has its partitions; while a group is joining nobody has. `unknown`: the broker has no group of this name and of the classic protocol; one of the
   * newer protocol (KIP-848) looks like that, too.
   */
  members(groupId: string): Promise<"some" | "none" | "unknown">;
  close(): Promise<void>;
}

const ASK_MS = 8000;
const LEADERS_MAX_AGE_MS = 10_000;
const LATEST = -1;

/** Leaders by partition. */
type Leaders = Map<number, number>;

/**
 * On one set of connections. Each topic's metadata are asked for by itself: the client's own admin asks for all topics it
 * ever met in one question, and one that is missing (a retry topic that is not made yet) fails the answer for the others.
 */
export function createGroupOffsets(options: {
  brokers: readonly string[];
  clientId: string;
  log: Log;
}): GroupOffsets {
  const client = createClient(options);
  const leaders = new Map<string, { of: Leaders; until: number }>();
  let connecting: Promise<Cluster> | null = null;

  const open = async (): Promise<Cluster> => {
    const cluster = client.newCluster();
    await cluster.connect();
    await cluster.refreshMetadata();
    return cluster;
  };
  const drop = (cluster: Promise<Cluster>) => {
    if (connecting === cluster) connecting = null;
    leaders.clear();
    void cluster.then((one) => one.disconnect()).catch(() => undefined);
  };
  const ask = async <T>(what: string, question: (cluster: Cluster) => Promise<T>): Promise<T> => {
    connecting ??= open();
    const cluster = connecting;
    try {
      return await within(
        cluster.then((one) => question(one)),
        ASK_MS,
        what,
      );
    } catch (error) {
      const fault = faultOf(error, what);
      // What the broker answered concerns the question; the connections are as good as before.
      if (fault.code === "CONNECTION" || fault.code === "LOCAL_TIMEOUT") drop(cluster);
      throw fault;
    }
  };
  const leadersOf = async (cluster: Cluster, topic: string): Promise<Leaders> => {
    const known = leaders.get(topic);
    if (known && known.until > performance.now()) return known.of;
    const of = await readLeaders(cluster, topic);
    leaders.set(topic, { of, until: performance.now() + LEADERS_MAX_AGE_MS });
    return of;
  };
  return {
    ends: (topic) =>
      ask(`end offsets of ${topic}`, async (cluster) => {
        try {
          return await readEnds(cluster, topic, await leadersOf(cluster, topic));
        } catch (error) {
          leaders.delete(topic); // the commonest fault is a leader that moved
          throw error;
        }
      }),
    committed: (groupId, topic) =>
      ask(`committed offsets of ${groupId}`, async (cluster) => {
        const partitions = [...(await leadersOf(cluster, topic)).keys()];
        const coordinator = await coordinatorOf(cluster, groupId);
        const topics = [{ topic, partitions: partitions.map((partition) => ({ partition })) }];
        const { responses } = await coordinator.offsetFetch({ groupId, topics });
        return toOffsets(responses[0]?.partitions ?? []);
      }),
    firstRecord: (range) => firstCommitted(client, range),
    members: (groupId) =>
      ask(`members of ${groupId}`, async (cluster) => {
        const coordinator = await coordinatorOf(cluster, groupId);
        const { groups } = await coordinator.describeGroups({ groupIds: [groupId] });
        const state = groups[0]?.state ?? "Dead";
        return state === "Stable" ? "some" : state === "Dead" ? "unknown" : "none";
      }),
    close() {
      if (connecting) drop(connecting);
      return Promise.resolve();
    },
  };
}

/** The client's own way hides why a group has none, and tries for so long that the others' questions wait. */
async function coordinatorOf(cluster: Cluster, groupId: string): Promise<Broker> {
  const any = await cluster.brokerPool.findConnectedBroker();
  const { coordinator } = await any.findGroupCoordinator({ groupId, coordinatorType: GROUP_COORDINATOR });
  return cluster.findBroker({ nodeId: String(coordinator.nodeId) });
}

async function readLeaders(cluster: Cluster, topic: string): Promise<Leaders> {
  const broker = await cluster.brokerPool.findConnectedBroker();
  try {
    const { topicMetadata } = await broker.metadata([topic]);
    const found = topicMetadata.find((one) => one.topic === topic);
    return new Map(found?.partitionMetadata.map(({ partitionId, leader }) => [partitionId, leader]));
  } catch (error) {
    const fault = faultOf(error, `metadata of ${topic}`);
    if (fault.code !== "UNKNOWN_TOPIC_OR_PARTITION") throw fault;
    throw new KafkaFault("topic_missing", fault.code, `the broker has no topic ${topic}`, {
      place: { topic },
      cause: error,
    });
  }
}

async function readEnds(cluster: Cluster, topic: string, leaders: Leaders): Promise<Offsets> {
  const byLeader = new Map<number, number[]>();
  for (const [partition, leader] of leaders)
    byLeader.set(leader, [...(byLeader.get(leader) ?? []), partition]);
  const answers = await Promise.all(
    [...byLeader].map(async ([nodeId, partitions]) => {
      const broker: Broker = await cluster.findBroker({ nodeId: String(nodeId) });
      const asked = partitions.map((partition) => ({ partition, timestamp: LATEST }));
      const { responses } = await broker.listOffsets({
        isolationLevel: 0,
        topics: [{ topic, partitions: asked }],
      });
      return [...toOffsets(responses[0]?.partitions ?? [])];
    }),
  );
  return new Map(answers.flat().toSorted(([a], [b]) => a - b));
}

/** A group that has committed nothing answers -1. */
function toOffsets(partitions: readonly { partition: number; offset: string | bigint }[]): Offsets {
  return new Map(
    partitions.flatMap(({ partition, offset }) => {
      const at = BigInt(offset);
      return at < 0n ? [] : [[partition, at] as const];
    }),
  );
}
