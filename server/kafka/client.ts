import kafkajs from "kafkajs";
import type { Log } from "../log.ts";

/**
 * The parts of kafkajs 2.2.4 that are used and that its types do not show. Its producer is not used at all: it keeps
 * answers per broker across retries and rolls sequence numbers back per request, and so loses and doubles records when
 * leaders move. What is taken from it are connections, sign-in, metadata, coordinators and decoding of fetched records.
 */
export interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  addTargetTopic(topic: string): Promise<void>;
  refreshMetadata(): Promise<void>;
  findBroker(broker: { nodeId: string }): Promise<Broker>;
  findLeaderForPartitions(topic: string, partitions: number[]): Record<string, number[]>;
  findGroupCoordinator(of: { groupId: string; coordinatorType: number }): Promise<Broker>;
  fetchTopicsOffset(
    topics: { topic: string; partitions: { partition: number }[]; fromBeginning: boolean }[],
  ): Promise<{ topic: string; partitions: { partition: number; offset: string }[] }[]>;
  brokerPool: { findConnectedBroker(): Promise<Broker> };
}

export interface Broker {
  versions: Record<number, { minVersion: number; maxVersion: number }> | null;
  connectionPool: {
    send<T>(protocol: {
      request: RawRequest;
      response: { decode(raw: Buffer): Promise<T>; parse(decoded: T): Promise<T> };
      requestTimeout?: number;
    }): Promise<T>;
  };
  metadata(topics: string[]): Promise<BrokerMetadata>;
  listOffsets(request: {
    isolationLevel: number;
    topics: { topic: string; partitions: { partition: number; timestamp: number }[] }[];
  }): Promise<AnsweredOffsets>;
  findGroupCoordinator(of: {
    groupId: string;
    coordinatorType: number;
  }): Promise<{ coordinator: { nodeId: number } }>;
  offsetFetch(request: {
    groupId: string;
    topics: { topic: string; partitions: { partition: number }[] }[];
  }): Promise<AnsweredOffsets>;
  describeGroups(request: { groupIds: string[] }): Promise<{ groups: { groupId: string; state: string }[] }>;
  initProducerId(request: {
    transactionalId: string;
    transactionTimeout: number;
  }): Promise<{ producerId: string; producerEpoch: number }>;
  endTxn(request: {
    transactionalId: string;
    producerId: string;
    producerEpoch: number;
    transactionResult: boolean;
  }): Promise<unknown>;
  fetch(request: {
    maxWaitTime: number;
    minBytes: number;
    maxBytes: number;
    isolationLevel: number;
    topics: { topic: string; partitions: { partition: number; fetchOffset: string; maxBytes: number }[] }[];
  }): Promise<{ responses: { partitions: FetchedPartition[] }[] }>;
}

interface RawRequest {
  apiKey: number;
  apiVersion: number;
  apiName: string;
  expectResponse: () => boolean;
  encode(): Promise<{ buf: Buffer; buffer: Buffer; size(): number }>;
}

export interface BrokerMetadata {
  topicMetadata: { topic: string; partitionMetadata: { partitionId: number; leader: number }[] }[];
}

export interface AnsweredOffsets {
  responses: { topic: string; partitions: { partition: number; offset: string }[] }[];
}

export interface FetchedPartition {
  abortedTransactions?: { producerId: string | bigint; firstOffset: string }[] | null;
  messages: {
    offset: string;
    key: Buffer | null;
    value: Buffer | null;
    isControlRecord: boolean;
    batchContext: { producerId: string | bigint; inTransaction: boolean };
  }[];
}

export const GROUP_COORDINATOR = 0;
export const TRANSACTION_COORDINATOR = 1;

export interface KafkaClient {
  brokers: readonly string[];
  admin(): ReturnType<InstanceType<typeof kafkajs.Kafka>["admin"]>;
  /** Connections and metadata of their own; nothing is shared between two clusters. */
  newCluster(): Cluster;
}

/** @param clientId shown in the broker's request log and quotas */
export function createClient(options: {
  brokers: readonly string[];
  clientId: string;
  log: Log;
}): KafkaClient {
  const kafka = new kafkajs.Kafka({
    clientId: options.clientId,
    brokers: [...options.brokers],
    connectionTimeout: 1000,
    requestTimeout: 8000,
    // For look-ups of metadata and coordinators alone; nothing that writes is ever retried by the client.
    retry: { initialRetryTime: 20, factor: 0.1, multiplier: 1.5, maxRetryTime: 300, retries: 10 },
    logLevel: kafkajs.logLevel.WARN,
    // It calls every retried error an ERROR. What matters reaches us as a fault, so this is for the curious.
    logCreator: () => (entry) => options.log.debug({ kafkajs: entry.log.message }, "kafka client"),
  });
  return { brokers: options.brokers, admin: () => kafka.admin(), newCluster: () => createCluster(kafka) };
}

function createCluster(kafka: InstanceType<typeof kafkajs.Kafka>): Cluster {
  const symbol = Object.getOwnPropertySymbols(kafka).find(
    (s) => s.description === "private:Kafka:createCluster",
  );
  if (!symbol) throw new Error("this version of kafkajs does not make clusters as 2.2.4 does");
  const create = (kafka as unknown as Record<symbol, (options: object) => Cluster>)[symbol]!;
  return create({
    metadataMaxAge: 60_000,
    allowAutoTopicCreation: false, // a mistyped topic is a fault to be seen, not a topic to be made
    maxInFlightRequests: 1,
    isolationLevel: 1,
  });
}

/** Sends a request body of our own making over a broker's connection. @throws what the connection throws */
export function sendRaw<T>(
  broker: Broker,
  api: { key: number; version: number; name: string },
  body: Buffer,
  decode: (body: Buffer) => T,
): Promise<T> {
  return broker.connectionPool.send<T>({
    request: {
      apiKey: api.key,
      apiVersion: api.version,
      apiName: api.name,
      expectResponse: () => true,
      encode: () => Promise.resolve({ buf: body, buffer: body, size: () => body.length }),
    },
    response: { decode: (raw) => Promise.resolve(decode(raw)), parse: (decoded) => Promise.resolve(decoded) },
  });
}
