/**
 * All that the relay wants of Kafka. What implements it is the only code that knows the client library, so that another
 * client can take its place. Every method may throw KafkaFault and nothing else, and none waits without a deadline.
 */
export interface RelayKafka {
  /** A producer that owns the transactional id; those opened before under the same id are fenced. */
  openProducer(transactionalId: string): Promise<TransactionalProducer>;
  /** Facts of a topic, leaders and partitions at most `maxAgeMs` old; with 0 its configuration is read anew too. @throws KafkaFault `topic_missing`, `not_permitted` */
  topicFacts(topic: string, maxAgeMs: number): Promise<TopicFacts>;
  /** Makes a topic that is missing, with the broker's default replication. @returns whether it was made */
  ensureTopic(topic: NewTopic): Promise<boolean>;
  /** What committed transactions wrote to one partition, from `from` up to and with the record at offset `to`. */
  readCommitted(from: {
    topic: string;
    partition: number;
    from: bigint;
    to: bigint;
  }): Promise<CommittedRecord[]>;
  close(): Promise<void>;
}

export interface TopicFacts {
  partitions: number;
  /** Largest record batch the topic takes, bytes; null: the broker does not tell us. */
  maxBatchBytes: number | null;
}

export interface NewTopic {
  topic: string;
  partitions: number;
  config?: Record<string, string>;
}

/**
 * One transactional producer. After any fault but `topic_missing` and `not_permitted` from `begin` (which are answered
 * before a transaction exists) its state in the broker is unknown: abandon it and open another, which ends what it began.
 */
export interface TransactionalProducer {
  /** Opens a transaction over these partitions. Waits while the broker still finishes the one before. */
  begin(partitions: readonly TopicPartition[]): Promise<void>;
  /** Writes one batch per partition. Resolves when every one is answered, with each batch's first offset, in order. */
  send(batches: readonly PartitionBatch[]): Promise<bigint[]>;
  /** Resolves when the broker has durably decided to commit. A failure leaves the outcome unknown. */
  commit(): Promise<void>;
  /** Lets go of the connections; ends nothing in the broker. */
  abandon(): void;
  /** Whether it nears the end of a partition's 31-bit sequence numbers and should be replaced while nothing is open. */
  isWornOut(): boolean;
}

export interface TopicPartition {
  topic: string;
  partition: number;
}

export interface PartitionBatch extends TopicPartition {
  records: readonly OutgoingRecord[];
}

export interface OutgoingRecord {
  key: Buffer | null;
  value: Buffer;
  /** In order; names may repeat. */
  headers: readonly (readonly [name: string, value: string])[];
}

export interface CommittedRecord {
  offset: bigint;
  value: Buffer | null;
}
