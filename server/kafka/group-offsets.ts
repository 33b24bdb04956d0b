import { within } from "../deadline.ts";
import type { Log } from "../log.ts";
import { type KafkaClient, createClient } from "./client.ts";
import { faultOf } from "./fault.ts";
import { anyCommitted } from "./read-committed.ts";

/** Offsets by partition. */
export type Offsets = Map<number, bigint>;

/** What a watcher of consumer groups asks the broker. Every method may throw KafkaFault and nothing else. */
export interface GroupOffsets {
  /** Offsets that the next records of a topic get. */
  ends(topic: string): Promise<Offsets>;
  /** What a group has committed of a topic; a partition without a commit is absent. */
  committed(groupId: string, topic: string): Promise<Offsets>;
  /** Whether a record that consumers see may stand in [from, to): control records and aborted ones take offsets, too. */
  anyRecord(range: { topic: string; partition: number; from: bigint; to: bigint }): Promise<boolean>;
  close(): Promise<void>;
}

const ASK_MS = 8000;

/** On one connection of the client's admin; after a fault a new one is made. */
export function createGroupOffsets(options: {
  brokers: readonly string[];
  clientId: string;
  log: Log;
}): GroupOffsets {
  const client = createClient(options);
  let connecting: Promise<Admin> | null = null;
  const drop = (admin: Promise<Admin>) => {
    if (connecting === admin) connecting = null;
    void admin.then((open) => open.disconnect()).catch(() => undefined);
  };
  const ask = async <T>(what: string, question: (admin: Admin) => Promise<T>): Promise<T> => {
    connecting ??= connect(client);
    const admin = connecting;
    try {
      return await within(
        admin.then((open) => question(open)),
        ASK_MS,
        what,
      );
    } catch (error) {
      drop(admin);
      throw faultOf(error, what);
    }
  };
  return {
    ends: (topic) =>
      ask(`end offsets of ${topic}`, async (admin) =>
        toOffsets((await admin.fetchTopicOffsets(topic)).map((o) => ({ ...o, offset: o.high }))),
      ),
    committed: (groupId, topic) =>
      ask(`committed offsets of ${groupId}`, async (admin) => {
        const [answer] = await admin.fetchOffsets({ groupId, topics: [topic] });
        return toOffsets(answer?.partitions ?? []);
      }),
    anyRecord: (range) => anyCommitted(client, range),
    async close() {
      if (connecting) drop(connecting);
      await Promise.resolve();
    },
  };
}

type Admin = ReturnType<KafkaClient["admin"]>;

async function connect(client: KafkaClient): Promise<Admin> {
  const admin = client.admin();
  await admin.connect();
  return admin;
}

/** A group that has committed nothing answers -1. */
function toOffsets(partitions: readonly { partition: number; offset: string }[]): Offsets {
  return new Map(
    partitions.flatMap(({ partition, offset }) => {
      const at = BigInt(offset);
      return at < 0n ? [] : [[partition, at] as const];
    }),
  );
}
