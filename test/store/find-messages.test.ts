import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { MESSAGE_STATES, type MessageState } from "../../server/domain/message-state.ts";
import { type MessageQuery, listMessages } from "../../server/store/find-messages.ts";
import { useDatabase } from "../support/database.ts";
import { declare } from "../support/messages.ts";

const database = useDatabase();
const COUNT = 700;
const NOW = Date.now();
const idAt = (ms: number, n: number) => {
  const hex = ms.toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${n.toString(16).padStart(12, "0")}`;
};

interface Stored {
  id: string;
  appId: number;
  topicId: number;
  key: string | null;
  businessKey: string | null;
  type: string | null;
  state: MessageState;
  held: boolean;
  payload: unknown;
}
let stored: Stored[] = [];
const apps: number[] = [];
const topics: number[] = [];
const NOT_JSON = Symbol("not JSON");

beforeAll(async () => {
  for (const app of ["orders", "billing", "idle"]) apps.push((await declare(database.pool, { app })).appId);
  for (const topic of ["orders.created", "invoices.issued", "salaries"])
    topics.push((await declare(database.pool, { topic })).topicId);
  const pick = <T>(of: readonly T[], n: number) => of[n % of.length]!;
  stored = Array.from({ length: COUNT }, (_, n) => ({
    // Five days and, every tenth, the same millisecond as the one before.
    id: idAt(NOW - Math.floor((n - (n % 10 === 0 ? 1 : 0)) * ((5 * 86_400_000) / COUNT)) - 1000, n),
    appId: apps[n % 7 === 0 ? 1 : 0]!,
    topicId: topics[n % 11 === 0 ? 2 : n % 3 === 0 ? 1 : 0]!,
    key: n % 5 === 0 ? null : `k-${n % 40}`,
    businessKey: n % 4 === 0 ? null : `b-${n % 60}`,
    type: pick([null, "created", "paid"], n),
    state: n % 9 === 0 ? pick(MESSAGE_STATES, n / 9) : "SENT",
    held: n % 9 === 0 && pick(MESSAGE_STATES, n / 9) === "READY" && n % 2 === 0,
    payload:
      n % 13 === 0
        ? NOT_JSON
        : { order: n % 50, customer: { id: String(n % 20) }, items: [{ sku: `s-${n % 6}` }] },
  }));
  for (const row of stored) await insert(row);
});

async function insert(row: Stored, payload?: Buffer, contentType = "application/json") {
  const at = new Date(Number.parseInt(row.id.replaceAll("-", "").slice(0, 12), 16));
  const opaque = row.payload === NOT_JSON;
  await database.pool.query(
    `WITH content AS (INSERT INTO message (id, app_id, topic_id, lane, key, type, business_key, content_type, payload)
       VALUES ($1, $2, $3, 0, $4, $5, $6, $7, $8))
     INSERT INTO message_state (id, app_id, topic_id, lane, state, ready_seq, stored_at, decided_at, decided_by, sent_at, check_at,
                                deliver_at, held_at, moved_at, broker_partition, reason)
     VALUES ($1, $2, $3, 0, $9::message_state_kind, 1, $10, CASE WHEN $9 <> 'PREPARED' THEN $10::timestamptz END,
       CASE WHEN $9 NOT IN ('PREPARED', 'UNDECIDED') THEN 'producer'::decider END,
       CASE WHEN $9 IN ('SENT', 'CONSUMED') THEN $10::timestamptz END, CASE WHEN $9 = 'PREPARED' THEN now() END,
       CASE WHEN $9 = 'SCHEDULED' THEN now() END, CASE WHEN $11 THEN now() END, CASE WHEN $9 IN ('UNDECIDED', 'REJECTED') THEN now() END,
       CASE WHEN $9 IN ('SENT', 'CONSUMED') THEN 0 END, CASE WHEN $9 IN ('UNDECIDED', 'REJECTED') THEN 'why' END)`,
    [
      row.id,
      row.appId,
      row.topicId,
      row.key,
      row.type,
      row.businessKey,
      opaque && row.id.endsWith("0") ? "text/plain" : contentType,
      payload ?? Buffer.from(opaque ? "{broken" : JSON.stringify(row.payload)),
      row.state,
      at,
      row.held,
    ],
  );
}

type Filter = Omit<MessageQuery, "limit" | "scanLimit">;

/** What a plain look at everything would find. */
function expected(filter: Filter): string[] {
  const time = (row: Stored) => Number.parseInt(row.id.replaceAll("-", "").slice(0, 12), 16);
  const within = (id: string, range: { first: string; last: string }) =>
    id >= range.first && id <= range.last;
  return stored
    .filter(
      (row) =>
        (filter.appId === null || row.appId === filter.appId) &&
        (filter.topicId === undefined || row.topicId === filter.topicId) &&
        (filter.businessKey === undefined || row.businessKey === filter.businessKey) &&
        (filter.key === undefined || row.key === filter.key) &&
        (filter.type === undefined || row.type === filter.type) &&
        (filter.any === undefined ||
          row.key === filter.any.word ||
          row.businessKey === filter.any.word ||
          (filter.any.ids !== null && within(row.id, filter.any.ids))) &&
        (!filter.states?.length || filter.states.includes(row.state)) &&
        (!filter.held || row.held) &&
        (filter.ids === undefined || within(row.id, filter.ids)) &&
        (filter.from === undefined || time(row) >= filter.from.getTime()) &&
        (filter.to === undefined || time(row) < filter.to.getTime()) &&
        (filter.before === undefined || row.id < filter.before) &&
        (filter.payload ?? []).every(({ path, values }) => {
          if (row.payload === NOT_JSON || filter.sealedTopicIds?.includes(row.topicId)) return false;
          const steps = path.replace("strict $", "").match(/\w+/g) ?? [];
          const there = steps.reduce<unknown>(
            (at, step) => (at as Record<string, unknown> | undefined)?.[step],
            row.payload,
          );
          return there !== undefined && values.includes(JSON.stringify(there));
        }),
    )
    .map((row) => row.id)
    .toSorted()
    .toReversed();
}

const anyId = fc.nat({ max: COUNT - 1 }).map((n) => n);
const range = anyId.map((n) => {
  const digits = stored[n]!.id.slice(0, 11);
  return { first: `${digits}00-0000-0000-000000000000`, last: `${digits}ff-ffff-ffff-ffffffffffff` };
});
const moment = fc.integer({ min: NOW - 6 * 86_400_000, max: NOW }).map((ms) => new Date(ms));
const payload = fc.constantFrom(
  { path: 'strict $."customer"."id"', values: ["7", '"7"'] },
  { path: 'strict $."items"[0]."sku"', values: ['"s-2"'] },
  { path: 'strict $."order"', values: ["3", '"3"'] },
  { path: 'strict $."none"', values: ["null"] },
);
/** Up to three conditions: with more of them hardly anything would be found. */
const filters = () =>
  fc
    .tuple(
      fc.oneof(fc.constant(null), fc.constantFrom(...apps)),
      fc.record({
        topicId: fc.constantFrom(...topics),
        businessKey: fc.nat({ max: 60 }).map((n) => `b-${n}`),
        key: fc.nat({ max: 40 }).map((n) => `k-${n}`),
        type: fc.constantFrom("created", "paid", "none"),
        any: fc.record({ word: fc.constantFrom("k-7", "b-7", "x"), ids: fc.oneof(fc.constant(null), range) }),
        states: fc.subarray([...MESSAGE_STATES]),
        held: fc.boolean(),
        ids: range,
        from: moment,
        to: moment,
        payload: fc.array(payload, { minLength: 1, maxLength: 2 }),
        before: anyId.map((n) => stored[n]!.id),
      }),
      fc.subarray(FIELDS, { maxLength: 3 }),
    )
    .map(([appId, all, kept]): Filter => {
      const some = Object.entries(all).filter(([name]) => kept.includes(name));
      return { appId, ...(Object.fromEntries(some) as Partial<typeof all>) };
    });
const FIELDS = [
  "topicId",
  "businessKey",
  "key",
  "type",
  "any",
  "states",
  "held",
  "ids",
  "from",
  "to",
  "payload",
  "before",
];

describe("a search", () => {
  test("finds what a look at everything finds, page by page, and says that it is complete just then", async () => {
    let fruitful = 0;
    await fc.assert(
      fc.asyncProperty(
        filters(),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 400 }),
        fc.boolean(),
        async (filter, limit, scanLimit, seal) => {
          const query = { ...filter, ...(seal && { sealedTopicIds: [topics[2]!] }) };
          const all = expected(query);
          const seen: string[] = [];
          let before = query.before;
          for (;;) {
            const page = await listMessages(database.pool, { ...query, before, limit, scanLimit });
            seen.push(...page.rows.map((row) => row.id));
            // Whatever has been passed by is found by now, whether or not the page is full.
            const passed = page.nextBefore === null ? all : all.filter((id) => id >= page.nextBefore!);
            expect(seen).toEqual(passed);
            if (!page.complete) expect(page.rows.length).toBeLessThanOrEqual(limit);
            else expect(page.nextBefore === null || page.rows.length === limit).toBe(true);
            if (page.nextBefore === null) break;
            expect(before === undefined || page.nextBefore < before).toBe(true);
            before = page.nextBefore;
          }
          expect(seen).toEqual(all);
          if (all.length > 0) fruitful += 1;
        },
      ),
      { numRuns: 150 },
    );
    expect(fruitful).toBeGreaterThan(35);
  }, 120_000);

  test("counts each message once, and once what it could not look into", async () => {
    const condition = { path: 'strict $."customer"."id"', values: ['"7"'] };
    const found = expected({ appId: null, payload: [condition], sealedTopicIds: [topics[2]!] }).length;
    expect(found).toBeGreaterThan(20);
    const opaque = stored.filter((row) => row.payload === NOT_JSON && row.topicId !== topics[2]).length;
    const sealed = stored.filter((row) => row.topicId === topics[2]).length;
    for (const limit of [3, 50, 1000]) {
      const sum = { scanned: 0, notJson: 0, sealed: 0, found: 0 };
      let before: string | undefined;
      do {
        const page = await listMessages(database.pool, {
          appId: null,
          payload: [condition],
          sealedTopicIds: [topics[2]!],
          before,
          limit,
          scanLimit: 90,
        });
        sum.scanned += page.scanned;
        sum.notJson += page.notJson;
        sum.sealed += page.sealed;
        sum.found += page.rows.length;
        before = page.nextBefore ?? undefined;
      } while (before !== undefined);
      expect(sum).toEqual({ scanned: COUNT, notJson: opaque, sealed, found });
    }
  });

  test.each([
    [{ businessKey: "b-1" }, "businessKey"],
    [{ key: "k-1" }, "key"],
    [{ any: { word: "k-1", ids: null } }, "word"],
    [{ states: ["PREPARED", "CANCELLED"] }, "state"],
    [{ held: true }, "state"],
    [{ states: ["SENT", "READY"] }, "newest"],
    [{ type: "paid" }, "newest"],
  ] as const)("%j is looked up by %s", async (filter, source) => {
    const page = await listMessages(database.pool, { appId: null, ...filter, limit: 5, scanLimit: 1000 });
    expect(page.source).toBe(source);
    const topical = await listMessages(database.pool, {
      appId: apps[1]!,
      type: "paid",
      limit: 5,
      scanLimit: 1000,
    });
    expect(topical.source).toBe("appTopic");
  });

  test("stops by time, with what it found until then and where to go on", async () => {
    const page = await listMessages(database.pool, {
      appId: null,
      payload: [{ path: "strict $", values: ["0"] }],
      limit: 5,
      scanLimit: 1_000_000,
      timeLimitMs: 0,
    });
    expect(page).toMatchObject({ rows: [], complete: false, scanned: 500 });
    expect(page.nextBefore).not.toBeNull();
  });
});

describe("a payload", () => {
  const one = async (payload: Buffer, path: string, values: string[], contentType?: string) => {
    const id = idAt(NOW, COUNT + Math.floor(Math.random() * 1e9));
    const row = { ...stored[0]!, id, payload: {}, state: "SENT" as const, held: false };
    await insert(row, payload, contentType);
    const ids = { first: id, last: id };
    const page = await listMessages(database.pool, {
      appId: null,
      ids,
      payload: [{ path, values }],
      limit: 5,
      scanLimit: 10,
    });
    return { found: page.rows.length === 1, notJson: page.notJson === 1 };
  };
  const json = (text: string) => Buffer.from(text);

  test.each([
    ["9007199254740993", "9007199254740993", true],
    ["9007199254740993", "9007199254740992", false],
    ["0.1000", "0.1", true],
    ["1e3", "1000", true],
    ["1e400", "1e400", true],
    ["42", '"42"', false],
    ["null", "null", true],
    ["true", "true", true],
  ])("%s equals %s: %s", async (stored, asked, found) => {
    expect(await one(json(`{"a":${stored}}`), 'strict $."a"', [asked])).toEqual({ found, notJson: false });
  });

  test.each<[string, Buffer, string?]>([
    ["broken", json("{")],
    ["empty", json("")],
    ["not UTF-8", Buffer.from([0x22, 0xff, 0x22])],
    ["a character that text cannot hold", json('{"a":"\\u0000"}')],
    ["a number beyond measure", json('{"a":1e999999}')],
    ["nested too deep", json("[".repeat(100_000))],
    ["of another type", json("{}"), "text/plain"],
  ])("%s is skipped and counted", async (_, payload, contentType) => {
    expect(await one(payload, 'strict $."a"', ["1"], contentType)).toEqual({ found: false, notJson: true });
  });

  test("of type …+json counts as JSON; names are taken as they are", async () => {
    const odd = `{"a.b":{"x\\"y":[1,{"$":"\\u00e9"}]}}`;
    expect(
      await one(
        json(odd),
        'strict $."a.b"."x\\"y"[1]."$"',
        ['"é"'],
        "application/cloudevents+json; charset=utf-8",
      ),
    ).toEqual({
      found: true,
      notJson: false,
    });
  });

  test("large ones are read a few at a time, and all of them", async () => {
    const { appId } = await declare(database.pool, { app: "archive" });
    const text = JSON.stringify({ filler: Buffer.alloc(2_500_000, "ab").toString(), last: 1 });
    for (let n = 0; n < 8; n++)
      await insert({ ...stored[1]!, id: idAt(NOW - 50, 5000 + n), appId, payload: {} }, Buffer.from(text));
    const query = {
      appId,
      payload: [{ path: 'strict $."last"', values: ["1"] }],
      limit: 50,
      scanLimit: 1000,
    };
    const first = await listMessages(database.pool, { ...query, timeLimitMs: 0 });
    expect(first).toMatchObject({ complete: false, scanned: 4 });
    const rest = await listMessages(database.pool, {
      ...query,
      before: first.nextBefore!,
      timeLimitMs: 60_000,
    });
    expect([first.rows.length + rest.rows.length, rest.complete]).toEqual([8, true]);
  });
});

test("a key that many messages share is found by walking down, in order and completely", async () => {
  const { appId, topicId } = await declare(database.pool, { app: "flood", topic: "flood" });
  await database.pool.query(
    `WITH content AS (
       INSERT INTO message (id, app_id, topic_id, lane, key, content_type, payload)
       SELECT (substr($3::text, 1, 24) || lpad(to_hex(n), 12, '0'))::uuid, $1::int, $2::int, 0, 'hot', 'text/plain', '' FROM generate_series(1, 10500) n)
     INSERT INTO message_state (id, app_id, topic_id, lane, state, check_at)
     SELECT (substr($3::text, 1, 24) || lpad(to_hex(n), 12, '0'))::uuid, $1::int, $2::int, 0, 'PREPARED', now() FROM generate_series(1, 10500) n`,
    [appId, topicId, idAt(NOW - 10_000, 0)],
  );
  for (const filter of [
    { key: "hot" },
    { any: { word: "hot", ids: null } },
    { states: ["PREPARED" as const], appId },
  ]) {
    const page = await listMessages(database.pool, {
      appId: null,
      ...filter,
      limit: 100,
      scanLimit: 100_000,
    });
    expect(page).toMatchObject({ complete: true, source: "appId" in filter ? "appTopic" : "newest" });
    expect(page.rows.filter((row) => row.app === "flood")).toHaveLength(100);
    expect(page.rows.map((row) => row.id)).toEqual(
      page.rows
        .map((row) => row.id)
        .toSorted()
        .toReversed(),
    );
  }
});
