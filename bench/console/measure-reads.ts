import { readConfig } from "../../server/config/config.ts";
import type { Pool } from "../../server/db.ts";
import { permissionsOf } from "../../server/auth/permissions.ts";
import { silentLog } from "../../server/log.ts";
import { parseAllowedHosts } from "../../server/outbound/allowed-hosts.ts";
import { createGuardedAgents } from "../../server/outbound/guarded-agent.ts";
import { createPrisma } from "../../server/prisma.ts";
import { ChangeWatch } from "../../server/services/console/watch-changes.ts";
import type { ConsoleContext } from "../../server/trpc/context.ts";
import { createCaller } from "../../server/trpc/router.ts";
import { quantile, round } from "../support/report.ts";
import { seedFlow } from "./seed-messages.ts";

export interface Read {
  read: string;
  p50: number;
  p95: number;
  /** p50 as a multiple of the bare look-up's in this run. */
  ratio: number;
  /** What it was measured on: rows found, or how far a search got that could not be complete within its time. */
  answer: string;
}

type Caller = ReturnType<typeof createCaller>;
type Ask = (caller: Caller, n: number) => Promise<string>;

/** Each read through the console's own procedures, permission checks included; after five to warm up. */
export async function measureReads(
  db: Pool,
  { messages, rounds }: { messages: number; rounds: number },
): Promise<Read[]> {
  await seedFlow(db);
  const caller = createCaller(contextOf(db));
  const ids = await someIds(db, rounds + WARM_UP);
  const bare = await measure(rounds, async (n) => {
    const { rows } = await db.query("SELECT * FROM message_state WHERE id = $1", [ids[n]]);
    return `${rows.length} row`;
  });
  const reads: Read[] = [{ read: "a row by its primary key, bare", ...bare, ratio: 1 }];
  for (const [read, ask] of asked(ids, messages)) {
    const measured = await measure(rounds, (n) => ask(caller, n));
    reads.push({ read, ...measured, ratio: round(measured.p50 / bare.p50) });
  }
  return reads;
}

const WARM_UP = 5;

async function measure(rounds: number, work: (n: number) => Promise<string>) {
  const times: number[] = [];
  let answer = "";
  for (let n = 0; n < rounds + WARM_UP; n++) {
    const start = performance.now();
    answer = await work(n);
    if (n >= WARM_UP) times.push(performance.now() - start);
  }
  return { p50: round(quantile(times, 0.5)), p95: round(quantile(times, 0.95)), answer };
}

function asked(ids: readonly string[], messages: number): [string, Ask][] {
  const everything = { states: [], topic: null, before: null, limit: 100 };
  const list =
    (filter: (n: number) => object): Ask =>
    async (caller, n) => {
      const page = await caller.messages.list({ ...everything, ...filter(n) });
      return told(page.items.length, page.scanned !== null, page.scanned ?? 0);
    };
  const search =
    (q: (n: number) => string): Ask =>
    async (caller, n) => {
      const page = await caller.search.find({ q: q(n), zone: "UTC", at: null, before: null, limit: 50 });
      return told(page.items.length, page.cut, page.scanned);
    };
  const day = (n: number) => new Date(Date.now() - (1 + (n % 25)) * 86_400_000);
  const states = ["PREPARED", "UNDECIDED", "SCHEDULED", "READY", "SENT", "CANCELLED", "REJECTED"] as const;
  return [
    ["list, newest", list(() => ({}))],
    ["list, in the middle", list((n) => ({ before: ids[n] }))],
    ["list, topic of every second message", list(() => ({ topic: "topic.1" }))],
    ["list, topic of every 20,000th", list(() => ({ topic: "topic.24" }))],
    ["list, app", list((n) => ({ app: `app-${1 + (n % 8)}` }))],
    ["list, app and topic", list(() => ({ app: "app-3", topic: "topic.2" }))],
    ...states.map((state): [string, Ask] => [`list, ${state}`, list(() => ({ states: [state] }))]),
    ["list, held", list(() => ({ held: true }))],
    ["list, CANCELLED of a rare topic", list(() => ({ states: ["CANCELLED"], topic: "topic.24" }))],
    ["list, CONSUMED (there are none)", list(() => ({ states: ["CONSUMED"] }))],
    [
      "list, one hour of another day",
      list((n) => ({ from: day(n), to: new Date(day(n).getTime() + 3_600_000) })),
    ],
    ["list, business key", list((n) => ({ businessKey: `order-${(n * 7919) % Math.floor(messages / 2)}` }))],
    ["list, key", list((n) => ({ key: `customer-${(n * 31) % Math.max(1, Math.floor(messages / 20))}` }))],
    [
      "counts of the list's filters",
      async (caller) => `${Object.keys((await caller.messages.counts({})) ?? {}).length} counts`,
    ],
    ["search, id", search((n) => ids[n]!)],
    ["search, beginning of an id", search((n) => `id:${ids[n]!.slice(0, 11)}`)],
    ["search, word", search((n) => `order-${(n * 104_729) % Math.floor(messages / 2)}`)],
    ["search, type in a topic", search(() => "topic:topic.3 type:type-3-1")],
    ["search, type alone, rare", search(() => "type:type-24-1")],
    ["search, JSON path, common", search(() => "payload.customer.tier=gold")],
    ["search, JSON path, every 1,000th", search((n) => `payload.customer.id=${n % 1000}`)],
    ["search, JSON path, rare topic", search((n) => `topic:topic.24 payload.order=${n}`)],
    ["search, JSON path, none matches", search(() => "payload.customer.id=none")],
    [
      "search's plan",
      async (caller) =>
        `by ${(await caller.search.plan({ q: "topic:topic.1 payload.a=1", zone: "UTC", at: null })).source}`,
    ],
    ...(["prepared", "overdue", "undecided"] as const).map((kind): [string, Ask] => [
      `what waits, ${kind}`,
      async (caller) =>
        told(
          (await caller.prepared.list({ kind, app: null, after: null, limit: 100 })).items.length,
          false,
          0,
        ),
    ]),
    ["what waits, by app", async (caller) => `${(await caller.prepared.sum()).apps.length} apps`],
    [
      "message page",
      async (caller, n) => {
        const id = ids[n]!;
        const page = await Promise.all([
          caller.messages.read({ id }),
          caller.messages.payload({ id }),
          caller.messages.neighbours({ id }),
        ]);
        return page[0].state;
      },
    ],
    [
      "overview",
      async (caller) => {
        await Promise.all([
          caller.overview.read(),
          caller.overview.series({ span: "day" }),
          caller.overview.changes(),
        ]);
        return "all parts";
      },
    ],
  ];
}

const told = (found: number, cut: boolean, scanned: number) =>
  cut ? `${found} rows, stopped after ${scanned.toLocaleString("en")}` : `${found} rows`;

/** Ids spread over all of them. */
async function someIds(db: Pool, count: number): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    "SELECT id FROM message_state TABLESAMPLE SYSTEM (0.5) LIMIT 20000",
  );
  if (rows.length === 0)
    rows.push(...(await db.query<{ id: string }>("SELECT id FROM message_state LIMIT 1000")).rows);
  return Array.from({ length: count }, (_, n) => rows[(n * 7919) % rows.length]!.id);
}

function contextOf(db: Pool): ConsoleContext {
  const operator = {
    id: "bench",
    username: "bench",
    name: "Bench",
    role: "admin",
    permissions: permissionsOf("admin"),
    mustChangePassword: false,
    sessionId: "bench",
  };
  return {
    operator,
    readOperatorAgain: () => Promise.resolve(operator),
    origin: { ip: undefined, userAgent: undefined },
    rolesFromProvider: false,
    db,
    prisma: createPrisma(db),
    watch: new ChangeWatch({ db, log: silentLog, pollMs: 1000, heartbeatMs: 5000 }),
    broker: null,
    outbound: { master: undefined, agents: createGuardedAgents(parseAllowedHosts([])), afterSeconds: 10 },
    config: readConfig({}),
    sources: new Map(),
    log: silentLog,
  };
}
