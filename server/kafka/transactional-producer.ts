import { setTimeout as pause } from "node:timers/promises";
import { ADD_PARTITIONS_API, decodeAddPartitions, encodeAddPartitions } from "./add-partitions-request.ts";
import { type Broker, type Cluster, type KafkaClient, sendRaw, TRANSACTION_COORDINATOR } from "./client.ts";
import { within } from "../deadline.ts";
import { faultOf, faultOfCode, KafkaFault } from "./fault.ts";
import type { PartitionBatch, TopicPartition, TransactionalProducer } from "./port.ts";
import { decodeProduce, encodeProduce, PRODUCE_API, type ProduceAnswer } from "./produce-request.ts";
import { measureBatch } from "./record-batch.ts";

const CONNECT_MS = 6000;
const INIT_MS = 20_000;
const BEGIN_MS = 10_000;
const SEND_MS = 10_000;
const COMMIT_MS = 8000;
/**
 * The broker ends a transaction that its owner has left standing for so long: readers of its partitions wait meanwhile. A
 * transaction that is merely slow is ended too; that is a fault like any other.
 */
const TRANSACTION_TIMEOUT_MS = 10_000;
const REPLICATION_TIMEOUT_MS = 8000;
/** The broker is still finishing the transaction before. Its answer is quick, so asking again is what waiting costs. */
const CONCURRENT_TRANSACTIONS = 51;
const GATE_PAUSE_MS = 1;
const GATE_TRIES = 2000;
/** Sequence numbers are 31 bits per partition and a producer object; a worn-out one is replaced long before they wrap. */
const WORN_OUT = 2 ** 30;

/** Finds the leader of a partition as metadata has it. @throws KafkaFault */
export type FindLeader = (place: TopicPartition) => Promise<number>;

/**
 * Opens a producer: the broker raises the id's epoch, fences whoever had it and ends what that one left open.
 *
 * @param findLeader must serve facts that are newer than the last fault
 */
export async function openProducer(
  client: KafkaClient,
  transactionalId: string,
  findLeader: FindLeader,
): Promise<TransactionalProducer> {
  const cluster = client.newCluster();
  try {
    await within(connect(cluster), CONNECT_MS, "connecting");
    const coordinator = await within(
      cluster.findGroupCoordinator({ groupId: transactionalId, coordinatorType: TRANSACTION_COORDINATOR }),
      CONNECT_MS,
      "finding the transaction coordinator",
    );
    requireVersions(coordinator);
    const { producerId, producerEpoch } = await within(
      initProducerId(coordinator, transactionalId),
      INIT_MS,
      "taking the transactional id",
    );
    return new Producer({ cluster, coordinator, transactionalId, producerId, producerEpoch, findLeader });
  } catch (error) {
    letGo(cluster);
    throw faultOf(error, `opening ${transactionalId}`);
  }
}

async function connect(cluster: Cluster): Promise<void> {
  await cluster.connect();
  await cluster.refreshMetadata();
}

function requireVersions(broker: Broker): void {
  for (const api of [PRODUCE_API, ADD_PARTITIONS_API]) {
    const range = broker.versions?.[api.key];
    if (!range || range.minVersion > api.version || range.maxVersion < api.version)
      throw new KafkaFault(
        "retry",
        "UNSUPPORTED_VERSION",
        `the broker does not speak ${api.name} version ${api.version}; Kafka 2.4 or later is needed`,
      );
  }
}

async function initProducerId(coordinator: Broker, transactionalId: string) {
  for (let tries = 1; ; tries++) {
    try {
      return await coordinator.initProducerId({
        transactionalId,
        transactionTimeout: TRANSACTION_TIMEOUT_MS,
      });
    } catch (error) {
      // The former producer's transaction is being aborted: the only error that waiting here mends.
      const concurrent = (error as { code?: unknown }).code === CONCURRENT_TRANSACTIONS;
      if (!concurrent || tries >= GATE_TRIES) throw error;
      await pause(5);
    }
  }
}

interface ProducerParts {
  cluster: Cluster;
  coordinator: Broker;
  transactionalId: string;
  producerId: string;
  producerEpoch: number;
  findLeader: FindLeader;
}

class Producer implements TransactionalProducer {
  readonly #parts: ProducerParts;
  readonly #sequences = new Map<string, number>();
  #wornOut = false;

  constructor(parts: ProducerParts) {
    this.#parts = parts;
  }

  async begin(partitions: readonly TopicPartition[]): Promise<void> {
    const { coordinator, transactionalId, producerId, producerEpoch } = this.#parts;
    const body = encodeAddPartitions(transactionalId, BigInt(producerId), producerEpoch, partitions);
    const work = async () => {
      for (let tries = 1; ; tries++) {
        const answers = await sendRaw(coordinator, ADD_PARTITIONS_API, body, decodeAddPartitions);
        // One partition's fault leaves the others "not attempted": name the one that is the reason.
        const failed = answers.filter((a) => a.errorCode !== 0);
        const fault = failed.find((a) => a.errorCode !== 55) ?? failed[0];
        if (!fault) return requireCoverage(partitions, answers);
        if (fault.errorCode !== CONCURRENT_TRANSACTIONS || tries >= GATE_TRIES)
          throw faultOfCode(fault.errorCode, `adding ${placeName(fault)} to a transaction`, {
            topic: fault.topic,
            partition: fault.partition,
          });
        await pause(GATE_PAUSE_MS);
      }
    };
    await this.#guarded(work(), BEGIN_MS, "beginning a transaction");
  }

  async send(batches: readonly PartitionBatch[]): Promise<bigint[]> {
    return this.#guarded(this.#send(batches), SEND_MS, "sending");
  }

  async #send(batches: readonly PartitionBatch[]): Promise<bigint[]> {
    const { transactionalId, findLeader } = this.#parts;
    const head = {
      producerId: BigInt(this.#parts.producerId),
      producerEpoch: this.#parts.producerEpoch,
      timestampMs: Date.now(),
    };
    const byLeader = new Map<number, PartitionBatch[]>();
    for (const batch of batches) {
      const leader = await findLeader(batch);
      const of = byLeader.get(leader);
      if (of) of.push(batch);
      else byLeader.set(leader, [batch]);
    }
    const requests: { broker: Broker; body: Buffer }[] = [];
    for (const [leader, of] of byLeader) {
      const broker = await this.#broker(leader);
      const parts = of.map((b) => ({
        topic: b.topic,
        partition: b.partition,
        batch: measureBatch(b.records),
        head: { ...head, firstSequence: this.#takeSequence(b) },
      }));
      requests.push({ broker, body: encodeProduce(transactionalId, REPLICATION_TIMEOUT_MS, parts) });
    }
    const answers = (
      await Promise.all(requests.map((r) => sendRaw(r.broker, PRODUCE_API, r.body, decodeProduce)))
    ).flat();
    for (const answer of answers) if (answer.errorCode !== 0) throw produceFault(answer);
    requireCoverage(batches, answers);
    const offsets = new Map(answers.map((a) => [placeName(a), a.baseOffset]));
    return batches.map((b) => {
      const offset = offsets.get(placeName(b))!;
      if (offset < 0n)
        throw new KafkaFault("retry", "NOT_COVERED", `${placeName(b)} was answered without an offset`);
      return offset;
    });
  }

  async commit(): Promise<void> {
    const { coordinator, transactionalId, producerId, producerEpoch } = this.#parts;
    const work = coordinator.endTxn({ transactionalId, producerId, producerEpoch, transactionResult: true });
    await this.#guarded(work, COMMIT_MS, "committing");
  }

  abandon(): void {
    letGo(this.#parts.cluster);
  }

  isWornOut(): boolean {
    return this.#wornOut;
  }

  /** A broker that joined after we connected is unknown to the cluster's connections until metadata is read again. */
  async #broker(nodeId: number): Promise<Broker> {
    const wanted = { nodeId: String(nodeId) };
    try {
      return await this.#parts.cluster.findBroker(wanted);
    } catch {
      await this.#parts.cluster.refreshMetadata();
      return this.#parts.cluster.findBroker(wanted);
    }
  }

  #takeSequence(batch: PartitionBatch): number {
    const name = placeName(batch);
    const first = this.#sequences.get(name) ?? 0;
    const next = (first + batch.records.length) % 2 ** 31;
    if (next >= WORN_OUT) this.#wornOut = true;
    this.#sequences.set(name, next);
    return first;
  }

  async #guarded<T>(work: Promise<T>, ms: number, what: string): Promise<T> {
    try {
      return await within(work, ms, what);
    } catch (error) {
      throw faultOf(error, what);
    }
  }
}

function produceFault(answer: ProduceAnswer): KafkaFault {
  return faultOfCode(answer.errorCode, answer.message ?? `writing ${placeName(answer)}`, {
    topic: answer.topic,
    partition: answer.partition,
    records: answer.records,
  });
}

/** Each partition asked for is answered exactly once, and no other is: an answer that is absent is not a success. */
function requireCoverage(wanted: readonly TopicPartition[], answered: readonly TopicPartition[]): void {
  const want = wanted.map(placeName).sort().join();
  const got = answered.map(placeName).sort().join();
  if (want !== got) throw new KafkaFault("retry", "NOT_COVERED", `asked for ${want}, answered for ${got}`);
}

function placeName({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}

function letGo(cluster: Cluster): void {
  within(cluster.disconnect(), CONNECT_MS, "disconnecting").catch(() => undefined);
}
