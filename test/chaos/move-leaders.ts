import { connect } from "node:net";
import kafkajs from "kafkajs";
import type { LocalCluster } from "../../local/kafka-cluster.ts";

/**
 * Gives partitions a new order of replicas and has the first of them elected: every leader that changes moves under the
 * relays' hands.
 *
 * @returns whether the broker took it; brokers that are down make it fail now and then
 */
export async function moveLeaders(
  cluster: LocalCluster,
  topics: { topic: string; partitions: number; share: number }[],
): Promise<boolean> {
  const nodes = cluster.nodes.map((node) => node.nodeId);
  const chosen = topics
    .map(({ topic, partitions, share }) => ({
      topic,
      partitions: Array.from({ length: partitions }, (_, p) => p).filter(() => Math.random() < share),
    }))
    .filter(({ partitions }) => partitions.length > 0);
  const admin = new kafkajs.Kafka({
    brokers: cluster.bootstrap.split(","),
    logLevel: kafkajs.logLevel.NOTHING,
    requestTimeout: 5000,
    retry: { retries: 2 },
  }).admin();
  try {
    await admin.connect();
    await admin.alterPartitionReassignments({
      timeout: 4000,
      topics: chosen.map(({ topic, partitions }) => ({
        topic,
        partitionAssignment: partitions.map((partition) => ({ partition, replicas: shuffled(nodes) })),
      })),
    });
    const alive = cluster.nodes.find((node) => node.isRunning());
    return alive ? await electPreferred(alive.port, chosen) : false;
  } catch {
    return false;
  } finally {
    admin.disconnect().catch(() => undefined);
  }
}

/** ElectLeaders (api 43) version 1, which the client library lacks. @returns whether it was answered */
function electPreferred(port: number, topics: { topic: string; partitions: number[] }[]): Promise<boolean> {
  const int16 = (n: number) => Buffer.from([(n >> 8) & 0xff, n & 0xff]);
  const int32 = (n: number) => Buffer.from([n >>> 24, (n >>> 16) & 0xff, (n >>> 8) & 0xff, n & 0xff]);
  const text = (s: string) => Buffer.concat([int16(Buffer.byteLength(s)), Buffer.from(s)]);
  const body = Buffer.concat([
    int16(43),
    int16(1),
    int32(1), // correlation
    text("chaos"),
    Buffer.from([0]), // preferred, not unclean
    int32(topics.length),
    ...topics.flatMap(({ topic, partitions }) => [
      text(topic),
      int32(partitions.length),
      ...partitions.map(int32),
    ]),
    int32(5000),
  ]);
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(Buffer.concat([int32(body.length), body])));
    const finish = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(6000, () => finish(false));
    socket.once("error", () => finish(false));
    socket.once("data", () => finish(true));
  });
}

function shuffled(values: number[]): number[] {
  return values
    .map((value) => [Math.random(), value] as const)
    .sort((a, b) => a[0] - b[0])
    .map(([, value]) => value);
}
