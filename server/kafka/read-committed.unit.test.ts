import fc from "fast-check";
import { expect, test } from "vitest";
import type { FetchedPartition } from "./client.ts";
import { AbortedFilter } from "./read-committed.ts";

interface Transaction {
  producer: string;
  commits: boolean;
  records: number;
}

/** A partition's log of transactions whose records are interleaved, one producer having one open at a time. */
function logOf(transactions: Transaction[], order: number[]) {
  const messages: FetchedPartition["messages"] = [];
  const aborted: { producerId: string; firstOffset: string }[] = [];
  const committed: string[] = [];
  const queues = new Map<string, Transaction[]>();
  for (const t of transactions) queues.set(t.producer, [...(queues.get(t.producer) ?? []), t]);
  const open = new Map<string, { t: Transaction; written: number; first: string }>();
  for (let turn = 0; queues.size > 0; turn++) {
    const producers = [...queues.keys()];
    const producer = producers[order[turn % order.length]! % producers.length]!;
    let current = open.get(producer);
    if (!current) {
      const t = queues.get(producer)!.shift();
      if (!t) {
        queues.delete(producer);
        continue;
      }
      open.set(producer, (current = { t, written: 0, first: String(messages.length) }));
    }
    const offset = String(messages.length);
    const batchContext = { producerId: producer, inTransaction: true };
    if (current.written < current.t.records) {
      current.written++;
      if (current.t.commits) committed.push(offset);
      messages.push({ offset, key: null, value: null, isControlRecord: false, batchContext });
    } else {
      if (!current.t.commits) aborted.push({ producerId: producer, firstOffset: current.first });
      open.delete(producer);
      messages.push({ offset, key: Buffer.alloc(4), value: null, isControlRecord: true, batchContext });
    }
  }
  return { messages, aborted, committed };
}

const transaction = fc.record({
  producer: fc.constantFrom("1", "2", "3"),
  commits: fc.boolean(),
  records: fc.integer({ min: 1, max: 4 }),
});

test("what committed transactions wrote passes, and nothing else, however they interleave and are fetched", () => {
  fc.assert(
    fc.property(
      fc.array(transaction, { minLength: 1, maxLength: 15 }),
      fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 12 }),
      (transactions, order, fetchSize) => {
        const { messages, aborted, committed } = logOf(transactions, order);
        const filter = new AbortedFilter();
        const seen: string[] = [];
        for (let at = 0; at < messages.length; at += fetchSize) {
          const slice = messages.slice(at, at + fetchSize);
          // The broker names every aborted transaction that reaches into what it returns, in any order.
          const last = Number(slice.at(-1)!.offset);
          const reaching = aborted.filter((a) => {
            const first = Number(a.firstOffset);
            const end = messages.findIndex(
              (m, i) => i > first && m.isControlRecord && m.batchContext.producerId === a.producerId,
            );
            return first <= last && end >= at;
          });
          const fetched = { messages: slice, abortedTransactions: reaching.toReversed() };
          for (const record of filter.committed(fetched)) seen.push(String(record.offset));
        }
        expect(seen).toEqual(committed);
      },
    ),
  );
});
