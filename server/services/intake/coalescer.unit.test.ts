import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SurelayError } from "../../errors.ts";
import { Coalescer, type CoalescerOptions } from "./coalescer.ts";
import { QueueLimit } from "./queue-limit.ts";

interface Item {
  id: string;
  app: number;
  bytes: number;
}
const item = (id: string, app = 1, bytes = 1): Item => ({ id, app, bytes });

/** A coalescer over a store that answers when it is told to, and what it was asked. */
function setUp(options: Partial<CoalescerOptions<Item, string>> = {}) {
  const flushes: { items: readonly Item[]; answer: (fail?: Error) => void; abandoned: AbortSignal }[] = [];
  const limit = new QueueLimit(1000, 100_000);
  const queue = new Coalescer<Item, string>({
    name: "prepare",
    limit,
    maxItems: 10,
    maxBytes: 1000,
    inFlight: 1,
    timeoutMs: 1000,
    bytesOf: (i) => i.bytes,
    flush: (items, abandoned) =>
      new Promise((resolve, reject) => {
        const answer = (fail?: Error) => (fail ? reject(fail) : resolve(items.map((i) => `stored ${i.id}`)));
        flushes.push({ items, answer, abandoned });
      }),
    ...options,
  });
  const push = (...items: Item[]) => {
    const results: (string | SurelayError)[] = [];
    queue.push(items, { settle: (index, result) => (results[index] = result) });
    return results;
  };
  const names = () => flushes.map((f) => f.items.map((i) => i.id).join(""));
  return { queue, flushes, limit, push, names };
}
/** Lets everything that is due run. */
const turn = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));

test("what comes in one turn leaves together, what comes meanwhile leaves when the flush has returned", async () => {
  const { push, flushes, names } = setUp();
  const first = push(item("a"));
  push(item("b"), item("c"));
  await turn();
  expect(names()).toEqual(["abc"]);
  push(item("d"));
  push(item("e"));
  await turn();
  expect(names()).toEqual(["abc"]);
  expect(first).toEqual([]);
  flushes[0]!.answer();
  await turn();
  expect(first).toEqual(["stored a"]);
  expect(names()).toEqual(["abc", "de"]);
});

test("a flush is bounded by count and by bytes; what is larger goes alone", async () => {
  const { push, flushes, names } = setUp({ maxItems: 3, maxBytes: 100 });
  push(item("a"), item("b"), item("c"), item("d", 1, 60), item("e", 1, 60), item("f", 1, 500), item("g"));
  for (let i = 0; i < 5; i++) {
    await turn();
    flushes[i]?.answer();
  }
  await turn();
  expect(names()).toEqual(["abc", "d", "e", "f", "g"]);
});

test("what does not fit is refused whole, and room comes back", async () => {
  const limit = new QueueLimit(3, 100);
  const { push, flushes } = setUp({ limit });
  push(item("a"), item("b"));
  expect(() => push(item("c"), item("d"))).toThrow(SurelayError);
  expect(() => push(item("c", 1, 99))).toThrow("Nothing was stored");
  push(item("c"));
  await turn();
  expect(flushes[0]!.items).toHaveLength(3);
  flushes[0]!.answer();
  await turn();
  expect([limit.items, limit.bytes]).toEqual([0, 0]);
  push(item("large", 1, 1000)); // alone, anything fits
});

test("items of one id that must not meet leave in different flushes, in order", async () => {
  const apart = { idOf: (i: Item) => i.id, clash: (a: Item, b: Item) => a.app !== b.app };
  const { push, flushes } = setUp({ apart });
  push(item("x", 1), item("y", 1), item("x", 2), item("x", 3), item("x", 1), item("y", 2));
  for (let i = 0; i < 3; i++) {
    await turn();
    flushes[i]!.answer();
  }
  expect(flushes.map((f) => f.items.map((i) => i.id + i.app).join())).toEqual(["x1,y1,x1", "x2,y2", "x3"]);
});

describe("late answers", () => {
  test("in flight: the outcome is unknown, the connection is given up, and the queue goes on", async () => {
    const { queue, push, flushes, limit } = setUp();
    const flying = push(item("a"));
    await turn();
    const waiting = push(item("b"));
    queue.expire(performance.now() + 1500);
    expect(flushes[0]!.abandoned.aborted).toBe(true);
    expect((flying[0] as SurelayError).message).toContain("unknown");
    expect((waiting[0] as SurelayError).message).toContain("Nothing was stored");
    flushes[0]!.answer(new Error("connection ended"));
    await turn();
    expect((flying[0] as SurelayError).code).toBe("unavailable");
    const next = push(item("c"));
    await turn();
    flushes[1]!.answer();
    await turn();
    expect(next).toEqual(["stored c"]);
    expect(limit.items).toBe(0);
  });

  test("nothing expires in time", async () => {
    const { queue, push, flushes } = setUp();
    const results = push(item("a"));
    await turn();
    queue.expire(performance.now() + 500);
    flushes[0]!.answer();
    await turn();
    expect(results).toEqual(["stored a"]);
  });
});

test("a flush that fails tells everyone in it, and the next one flies", async () => {
  const { push, flushes } = setUp();
  const results = push(item("a"), item("b"));
  await turn();
  flushes[0]!.answer(new SurelayError("unavailable", "gone"));
  await turn();
  expect(results.map((r) => (r as SurelayError).code)).toEqual(["unavailable", "unavailable"]);
  push(item("c"));
  await turn();
  expect(flushes).toHaveLength(2);
});

test("idle resolves after the last answer", async () => {
  const { queue, push, flushes } = setUp();
  await queue.idle();
  push(item("a"));
  let idle = false;
  const waiting = queue.idle().then(() => (idle = true));
  await turn();
  expect(idle).toBe(false);
  flushes[0]!.answer();
  await waiting;
});

test("every item is answered exactly once and in order, whatever the sizes", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 }), {
        maxLength: 20,
      }),
      async (calls) => {
        const seen: string[] = [];
        const limit = new QueueLimit(1e6, 1e9);
        const queue = new Coalescer<Item, string>({
          name: "x",
          limit,
          maxItems: 7,
          maxBytes: 1000,
          inFlight: 1,
          timeoutMs: 1e6,
          bytesOf: (i) => i.bytes,
          flush: (items) => {
            seen.push(...items.map((i) => i.id));
            return Promise.resolve(items.map((i) => i.id));
          },
        });
        const wanted: string[] = [];
        const answers: string[] = [];
        calls.forEach((sizes, call) => {
          const items = sizes.map((bytes, n) => item(`${call}.${n}`, 1, bytes));
          wanted.push(...items.map((i) => i.id));
          queue.push(items, {
            settle: (index, result) => {
              expect(result).toBe(items[index]!.id);
              answers.push(items[index]!.id);
            },
          });
        });
        await queue.idle();
        expect(seen).toEqual(wanted);
        expect(answers).toEqual(wanted);
        expect([limit.items, limit.bytes]).toEqual([0, 0]);
      },
    ),
    { numRuns: 50 },
  );
});
