import type { GroupOffsets } from "../../server/kafka/group-offsets.ts";
import type { FirstRecord } from "../../server/kafka/read-committed.ts";

/** What is asked about one partition. */
export interface Standing {
  subscriptionId: number;
  retry: boolean;
  partition: number;
  committed: bigint | null;
  endOffset: bigint;
}

export interface Head {
  /** The first record that the group has not passed; null: it moves, has read everything, or is not looked at yet. */
  head: bigint | null;
  /** With `head`: whether somebody is there to handle it. */
  attended: boolean;
}

/** Of the time for an acknowledgement, how much a group stands still before it is looked at closely. */
const STANDS_FOR = 1 / 4;
/** Most looks into partitions of one pass, each on connections of its own: a dead group may have hundreds. */
const LOOKS_PER_PASS = 8;
/** Nothing that anybody could have in hand. */
export const NO_HEAD: Head = { head: null, attended: false };

interface Seen {
  committed: bigint | null;
  since: number;
  /** What was found, in front of which end. */
  first: FirstRecord;
  end: bigint;
}

/**
 * Looks closely at consumer groups that stand still: which record is next, and whether anybody is there. A committed offset
 * alone tells neither: what follows it may be a mark of a transaction, and a group whose processes are all gone keeps its
 * offsets. What is remembered only saves work.
 */
export class StandingHeads {
  readonly #kafka: GroupOffsets;
  readonly #seen = new Map<string, Seen>();
  #left = LOOKS_PER_PASS;

  constructor(kafka: GroupOffsets) {
    this.#kafka = kafka;
  }

  /** A pass begins. */
  begin(): void {
    this.#left = LOOKS_PER_PASS;
  }

  /**
   * @param positions of one group in one topic
   * @returns in the order of the positions @throws KafkaFault
   */
  async look(
    group: { groupId: string; ackTimeoutSeconds: number },
    topic: string,
    positions: readonly Standing[],
  ): Promise<Head[]> {
    const heads: (bigint | null)[] = [];
    for (const position of positions) heads.push(await this.#headOf(group, topic, position));
    if (heads.every((head) => head === null)) return positions.map(() => NO_HEAD);
    const members = await this.#kafka.members(group.groupId);
    const attended =
      members === "some" || (members === "unknown" && positions.some(({ committed }) => committed !== null));
    return heads.map((head) => ({ head, attended }));
  }

  async #headOf(
    group: { ackTimeoutSeconds: number },
    topic: string,
    { subscriptionId, retry, partition, committed, endOffset }: Standing,
  ): Promise<bigint | null> {
    const key = `${subscriptionId} ${retry} ${partition}`;
    const now = performance.now();
    let seen = this.#seen.get(key);
    if (seen?.committed !== committed || seen.end > endOffset)
      this.#seen.set(key, (seen = { committed, since: now, first: "unclear", end: endOffset }));
    const from = committed ?? 0n;
    if (endOffset <= from) return null;
    const asked = seen.first !== "unclear" && (seen.first !== "none" || seen.end === endOffset);
    if (!asked && now - seen.since >= 1000 * group.ackTimeoutSeconds * STANDS_FOR && this.#left-- > 0) {
      seen.end = endOffset;
      seen.first = await this.#kafka.firstRecord({ topic, partition, from, to: endOffset });
    }
    return typeof seen.first === "bigint" ? seen.first : null;
  }
}
