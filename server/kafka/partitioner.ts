/**
 * The partition of a record, as Kafka's own Java producer chooses it, so that a key lands where it always did whoever
 * writes it: murmur2 of the key's bytes, sign bit cleared, modulo the number of partitions. Records without a key are
 * spread by their message id, which makes a repeated attempt choose the same partition.
 */
export function partitionOf(key: Buffer | null, id: string, partitions: number): number {
  return (murmur2(key ?? Buffer.from(id, "latin1")) & 0x7fffffff) % partitions;
}

const M = 0x5bd1e995;

/** murmur2, 32 bit, with the seed of org.apache.kafka.common.utils.Utils.murmur2. @returns a signed 32-bit integer */
export function murmur2(bytes: Uint8Array): number {
  const length = bytes.length;
  let h = 0x9747b28c ^ length;
  let at = 0;
  for (; at + 4 <= length; at += 4) {
    let k = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    k = Math.imul(k, M);
    k ^= k >>> 24;
    h = Math.imul(h, M) ^ Math.imul(k, M);
  }
  const rest = length - at;
  if (rest >= 3) h ^= bytes[at + 2]! << 16;
  if (rest >= 2) h ^= bytes[at + 1]! << 8;
  if (rest >= 1) h = Math.imul(h ^ bytes[at]!, M);
  h = Math.imul(h ^ (h >>> 13), M);
  return h ^ (h >>> 15);
}
