/** What `apply` needs of the broker. */
export interface BrokerTopics {
  /** Partitions of those of the named topics that exist. */
  partitionsOf(names: readonly string[]): Promise<Map<string, number>>;
  /** Makes a topic with the broker's default replication factor; one that exists already is left as it is. */
  create(name: string, partitions: number): Promise<void>;
  /** Raises the number of partitions. */
  grow(name: string, partitions: number): Promise<void>;
}
