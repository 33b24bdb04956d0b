import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ACK_DEADLINE, type GroupReading, nextLook, reachedAt } from "./ack-deadline.ts";

const T = 30_000;
const ms = (max: number) => fc.integer({ min: 0, max });

/** A group's life in one partition: how long each record is in hand, and what a watcher saw of it. */
interface Life {
  /** When the group has passed everything before each record: then it has it in hand. */
  reached: number[];
  /** It begins without a committed offset, and commits its first one when it has passed the first record. */
  begins: "committed" | "uncommitted";
  /** Looks of the watcher, ms. */
  looks: number[];
  now: number;
}

const life: fc.Arbitrary<Life> = fc
  .record({
    begins: ms(200_000),
    takes: fc.array(ms(90_000), { minLength: 1, maxLength: 12 }),
    looks: fc.uniqueArray(ms(900_000), { minLength: 1, maxLength: 40 }),
    later: ms(20_000),
    as: fc.constantFrom<Life["begins"]>("committed", "uncommitted"),
  })
  .map(({ begins, takes, looks, later, as }) => {
    const times = looks.toSorted((a, b) => a - b);
    return {
      reached: takes.reduce<number[]>((all, ms) => [...all, all.at(-1)! + ms], [begins]),
      begins: as,
      looks: times,
      now: times.at(-1)! + later,
    };
  });

/** What the watcher knows by its last look: the group is attended throughout, and each look left a point. */
function readingOf({ reached, begins, looks }: Life): GroupReading {
  const standsAt = (at: number) => BigInt(Math.max(0, reached.filter((time) => time <= at).length - 1));
  const seen = looks.map((at) => ({ at, offset: standsAt(at) }));
  const { offset: head, at: seenAt } = seen.at(-1)!;
  const stands = seen.filter(({ offset }) => offset === head);
  const trail = seen.filter(({ offset }) => offset > 0n || begins === "committed");
  const oldest = trail.findLastIndex(({ at }) => at <= seenAt - T);
  return {
    committed: trail.length === 0 ? null : head,
    endOffset: 1000n,
    seenAt,
    movedAt: stands[0]!.at,
    headOffset: stands.length > 1 ? head : null,
    attendedAt: stands.length > 1 ? stands[1]!.at : null,
    trail: trail.slice(Math.max(0, oldest)),
  };
}

const deliveryOf = (sentAt: number, record: number) => ({
  sentAt,
  dueAt: sentAt + T,
  ackTimeoutMs: T,
  offset: BigInt(record),
});

describe("a deadline", () => {
  test("is never missed before its consumer had the record for the time it has", () => {
    fc.assert(
      fc.property(life, ms(300_000), fc.nat(11), (life, sentAt, nth) => {
        const record = nth % life.reached.length;
        if (life.now < sentAt + T) return;
        const reading = readingOf(life);
        const look = nextLook(deliveryOf(sentAt, record), reading, life.now);
        // Where it reads is not known before its first commit: whoever is there may have been given anything.
        const had = reading.committed === null ? reading.attendedAt : life.reached[record]!;
        // The group begins to read at reached[0]; the watcher sees it stand at record 0 before, with members.
        if (record > 0 && look <= life.now)
          expect(life.now - Math.max(sentAt, had!)).toBeGreaterThanOrEqual(T);
      }),
      { numRuns: 3000 },
    );
  });

  test("is missed that long after it was seen to be passed, or stood at; no record in hand waits for ever", () => {
    fc.assert(
      fc.property(life, fc.nat(11), ms(100_000), (life, nth, sentAt) => {
        const reading = readingOf(life);
        const record = BigInt(nth % life.reached.length);
        const { committed, headOffset, attendedAt } = reading;
        const inHand = committed === null ? attendedAt !== null : record < committed || record === headOffset;
        const at = reachedAt(record, reading);
        expect(at !== null).toBe(inHand);
        if (at === null) return;
        expect(at).toBeLessThanOrEqual(reading.seenAt);
        const deadline = Math.max(sentAt, at) + T;
        expect(nextLook(deliveryOf(sentAt, Number(record)), reading, life.now)).toBe(
          life.now - reading.seenAt >= ACK_DEADLINE.knownForMs ? sentAt + T : deadline,
        );
      }),
      { numRuns: 1000 },
    );
  });

  test("of what is not reached is put off, by what it has waited: seldom for what waits long", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 86_400 }), fc.integer({ min: 1, max: 24 }), (seconds, hours) => {
        const timeout = 1000 * seconds;
        const until = timeout + hours * 3_600_000;
        let looks = 0;
        for (let now = timeout; now < until; looks++) {
          const reading = { ...standing, seenAt: now };
          const next = nextLook({ sentAt: 0, dueAt: now, ackTimeoutMs: timeout, offset: 50n }, reading, now);
          expect(next - now).toBeGreaterThanOrEqual(timeout);
          expect(next - now).toBeLessThanOrEqual(Math.max(timeout, ACK_DEADLINE.mostHeldMs));
          now = next;
        }
        expect(looks).toBeLessThanOrEqual(12 * hours + 10);
      }),
    );
  });
});

/** A group that stands at record 10 of 100, and nobody is there. */
const standing: GroupReading = {
  committed: 10n,
  endOffset: 100n,
  seenAt: 1_000_000,
  movedAt: 1000,
  headOffset: 10n,
  attendedAt: null,
  trail: [{ at: 1000, offset: 10n }],
};
const NOW = standing.seenAt;
const look = (offset: bigint | null, reading: Partial<GroupReading> | null) =>
  nextLook({ sentAt: 0, dueAt: T, ackTimeoutMs: T, offset }, reading && { ...standing, ...reading }, NOW);

test.each<[string, bigint | null, Partial<GroupReading> | null, number]>([
  ["what a dead group has not passed is put off", 10n, {}, NOW + 300_000],
  ["what somebody stands at counts from then", 10n, { attendedAt: NOW - 10_000 }, NOW + T - 10_000],
  ["what stands behind it is not in hand", 11n, { attendedAt: NOW - 100_000 }, NOW + 300_000],
  ["a mark of a transaction is no record", 12n, { headOffset: 12n, attendedAt: 2000 }, 2000 + T],
  ["what was passed counts from then", 9n, { trail: [{ at: 5, offset: 9n }] }, 1000 + T],
  [
    "without a commit, it counts from when somebody is there",
    50n,
    { committed: null, attendedAt: 2000 },
    2000 + T,
  ],
  ["and while nobody is, it is put off", 50n, { committed: null }, NOW + 300_000],
  ["of a group that is not known, it counts from sending", 10n, null, T],
  ["and where nobody knows the offset", null, {}, T],
  ["and where nobody has looked for long", 50n, { seenAt: NOW - 300_000 }, T],
  ["and where the topic was made anew", 100n, {}, T],
])("%s", (_what, offset, reading, expected) => {
  expect(look(offset, reading)).toBe(expected);
});
