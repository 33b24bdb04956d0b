import { expect, test } from "vitest";
import { checkSources } from "../../cli/doctor/source-checks.ts";
import type { OutboxSourceSpec } from "../../server/domain/outbox-source.ts";
import { silentLog } from "../../server/log.ts";
import type { RelayKafka } from "../../server/kafka/port.ts";
import { changeSource } from "../../server/services/outbox-sources/change-source.ts";
import { declareSource } from "../../server/services/outbox-sources/declare-source.ts";
import { listSources } from "../../server/services/outbox-sources/list-sources.ts";
import { pauseSource } from "../../server/services/outbox-sources/pause-source.ts";
import { readSource } from "../../server/services/outbox-sources/read-source.ts";
import { removeSource } from "../../server/services/outbox-sources/remove-source.ts";
import { settleFailures } from "../../server/services/outbox-sources/settle-failures.ts";
import { testConnection } from "../../server/services/outbox-sources/test-connection.ts";
import type { Acting } from "../../server/services/registry/acting.ts";
import { applyTopology } from "../../server/services/topology/apply-topology.ts";
import type { BrokerTopics } from "../../server/services/topology/broker-topics.ts";
import { parseTopology } from "../../server/services/topology/parse-topology.ts";
import { BUSINESS, insertRows, useCollect, PATIENTLY } from "./collect-fixture.ts";

const fixture = useCollect();
const by = (reason?: string): Acting => ({
  actor: { id: "u1", username: "night-shift" },
  from: { ip: "203.0.113.7", userAgent: "test" },
  reason,
});
const SPEC: OutboxSourceSpec = {
  name: "shop",
  app: "orders",
  kind: "postgresql",
  layout: "surelay",
  connection: BUSINESS,
  table: "surelay_outbox",
  topicPattern: null,
  orderColumn: null,
};
async function auditOf(name: string) {
  const { rows } = await fixture.store.pool.query<{
    action: string;
    before: unknown;
    after: unknown;
    reason: string | null;
  }>(
    "SELECT action, before, after, reason FROM audit_log WHERE target_kind = 'outbox_source' AND target_id = $1 ORDER BY id",
    [name],
  );
  return rows;
}

test("a source is declared, changed by whoever saw it as it is, paused, removed; each with its entry", async () => {
  const db = fixture.store.pool;
  await declareSource(db, SPEC, by());
  await expect(declareSource(db, SPEC, by())).rejects.toMatchObject({ code: "id_conflict" });
  await expect(declareSource(db, { ...SPEC, name: "x", app: "nobody" }, by())).rejects.toMatchObject({
    code: "validation_failed",
  });
  const shown = await readSource(db, "shop");
  expect(shown).toMatchObject({
    ...SPEC,
    standing: "unowned",
    collected: 0,
    rate: 0,
    waiting: null,
    failures: 0,
    refused: [],
  });
  expect(parseTopology(shown.file.yaml).file?.outboxSources).toEqual([SPEC]);

  const changed = { ...SPEC, table: "public.surelay_outbox" };
  const seen = shown.updatedAt;
  expect(await changeSource(db, { source: SPEC, seen }, by())).toEqual({ kind: "unchanged" });
  expect(await changeSource(db, { source: changed, seen }, by("moved"))).toEqual({ kind: "changed" });
  expect(await changeSource(db, { source: SPEC, seen }, by())).toMatchObject({
    kind: "changed_meanwhile",
    by: "night-shift",
  });
  await expect(changeSource(db, { source: { ...SPEC, name: "nope" }, seen }, by())).rejects.toMatchObject({
    code: "not_found",
  });

  expect(await pauseSource(db, { name: "shop", paused: true }, by("house moves"))).toEqual({ changed: true });
  expect(await pauseSource(db, { name: "shop", paused: true }, by())).toEqual({ changed: false });
  expect((await listSources(db))[0]).toMatchObject({
    standing: "paused",
    pausedBy: "night-shift",
    pauseReason: "house moves",
  });
  expect(await pauseSource(db, { name: "shop", paused: false }, by())).toEqual({ changed: true });
  await removeSource(db, "shop", by("gone"));
  await expect(removeSource(db, "shop", by())).rejects.toMatchObject({ code: "not_found" });
  expect(await listSources(db)).toEqual([]);
  expect(await auditOf("shop")).toMatchObject([
    { action: "outbox_source.create", after: SPEC },
    { action: "outbox_source.change", before: SPEC, after: changed, reason: "moved" },
    { action: "outbox_source.pause", reason: "house moves" },
    { action: "outbox_source.resume" },
    { action: "outbox_source.remove", before: changed, reason: "gone" },
  ]);
});

test("a test of the connection says what it found, or what is wrong, and never the address", async () => {
  const addresses = new Map([
    [BUSINESS, fixture.business.url],
    ["SURELAY_SOURCE_LOST", "postgresql://a:geheim@127.0.0.1:1/x"],
  ]);
  await insertRows(fixture.business.pool, [{}, {}]);
  const test = (spec: Partial<OutboxSourceSpec>) =>
    testConnection({ ...SPEC, ...spec }, addresses, silentLog);
  expect(await test({})).toMatchObject({
    kind: "ok",
    waiting: 2,
    found: expect.stringContaining("PostgreSQL") as string,
  });
  expect(await test({ table: "nope" })).toMatchObject({ kind: "fault", code: "no_table" });
  expect(await test({ connection: "SURELAY_SOURCE_NONE" })).toMatchObject({ kind: "fault", code: "unset" });
  const lost = await test({ connection: "SURELAY_SOURCE_LOST" });
  expect(lost).toMatchObject({ kind: "fault", code: "unreachable" });
  expect(JSON.stringify(lost)).not.toContain("geheim");
});

test("to try all rows again leaves those alone that a colleague wants discarded; who names one takes that back", async () => {
  const db = fixture.store.pool;
  await declareSource(db, SPEC, by());
  await db.query(
    `INSERT INTO outbox_failure (source_id, ref, code, detail)
     SELECT s.id, r.ref, 'topic_not_found', 'no such topic' FROM outbox_source s, unnest('{1,2}'::text[]) AS r(ref)
     WHERE s.name = 'shop'`,
  );
  const settle = (wanted: "retry" | "discard", refs: string[] | null) =>
    settleFailures(db, { name: "shop", wanted, refs }, by("a test order"));
  const wishes = async () => (await readSource(db, "shop")).refused.map(({ wanted }) => wanted);
  expect(await settle("discard", ["1"])).toEqual({ asked: 1 });
  expect(await settle("retry", null)).toEqual({ asked: 1 });
  expect(await wishes()).toEqual(["discard", "retry"]);
  expect(await settle("retry", ["1"])).toEqual({ asked: 1 });
  expect(await wishes()).toEqual(["retry", "retry"]);
  expect(await settle("discard", null)).toEqual({ asked: 2 });
  expect(await wishes()).toEqual(["discard", "discard"]);
});

test("refused rows are shown, tried again and thrown away by name; the wish is written down", async () => {
  const db = fixture.store.pool;
  await declareSource(db, SPEC, by());
  await insertRows(fixture.business.pool, [
    { key: "a", topic: "no.such", payload: "1" },
    { key: "b", topic: "no.such", payload: "1" },
  ]);
  fixture.start({ retryMs: 60_000 });
  await expect.poll(async () => (await readSource(db, "shop")).refused.length, PATIENTLY).toBe(2);
  expect(await listSources(db)).toMatchObject([{ standing: "refusing", failures: 2 }]);
  const { refused } = await readSource(db, "shop");
  const [first] = refused.filter(({ key }) => key === "a");
  expect(
    await settleFailures(db, { name: "shop", wanted: "discard", refs: [first!.ref] }, by("a test order")),
  ).toEqual({ asked: 1 });
  await expect
    .poll(async () => (await readSource(db, "shop")).refused.map(({ key }) => key), PATIENTLY)
    .toEqual(["b"]);
  expect(await settleFailures(db, { name: "shop", wanted: "retry", refs: null }, by())).toEqual({ asked: 1 });
  await expect
    .poll(async () => (await readSource(db, "shop")).refused, PATIENTLY)
    .toMatchObject([{ key: "b", attempts: 2, wanted: null }]);
  expect((await auditOf("shop")).slice(-2)).toMatchObject([
    {
      action: "outbox_source.discard_rows",
      reason: "a test order",
      after: { rows: [{ ref: first!.ref, key: "a" }] },
    },
    { action: "outbox_source.retry_rows" },
  ]);
});

test("a topology file declares sources, and applying it again changes nothing", async () => {
  const broker: BrokerTopics = {
    partitionsOf: () => Promise.resolve(new Map()),
    ensure: () => Promise.resolve(),
  } as unknown as BrokerTopics & RelayKafka;
  const { file, faults } = parseTopology(
    `outboxSources:\n  - name: filed\n    app: orders\n    kind: postgresql\n    connection: ${BUSINESS}\n`,
  );
  expect(faults).toEqual([]);
  const apply = (outboxSources = file!.outboxSources) =>
    applyTopology(
      { apps: [], topics: [], outboxSources },
      { db: fixture.store.pool, broker, actorName: "cli:test" },
    );
  const outcomes = async (sources?: OutboxSourceSpec[]) => {
    const result = await apply(sources);
    return result.kind === "applied" ? result.items.map(({ outcome }) => outcome) : result.kind;
  };
  expect(await outcomes()).toEqual(["done"]);
  expect(await outcomes()).toEqual(["unchanged"]);
  expect(await outcomes([{ ...file!.outboxSources[0]!, table: "other" }])).toEqual(["done"]);
  expect(await outcomes([{ ...file!.outboxSources[0]!, name: "lost", app: "nobody" }])).toBe("refused");
  expect((await auditOf("filed")).map(({ action }) => action)).toEqual([
    "outbox_source.create",
    "outbox_source.change",
  ]);
  const wrong = parseTopology(
    "outboxSources:\n  - name: a\n    app: orders\n    kind: mysql\n    connection: mysql://root@x/y\n",
  );
  expect(wrong.faults[0]!.message).toContain("never the address itself");
});

test("doctor looks at each source from where it runs", async () => {
  const db = fixture.store.pool;
  await declareSource(db, SPEC, by());
  await declareSource(db, { ...SPEC, name: "lost", table: "no_such_table" }, by());
  const addresses = new Map([[BUSINESS, fixture.business.url]]);
  const check = async (known = addresses) =>
    (await checkSources(fixture.store.url, known)).map(({ name, status, detail }) => [name, status, detail]);
  expect(await check()).toEqual([
    ["Source lost", "fail", expect.stringContaining("there is no such table") as string],
    ["Source shop", "warn", "nobody collects it"],
  ]);
  await removeSource(db, "lost", by());
  await insertRows(fixture.business.pool, [{ topic: "no.such" }]);
  fixture.start();
  await expect.poll(async () => (await listSources(db))[0]?.standing, { timeout: 20_000 }).toBe("refusing");
  expect(await check()).toEqual([
    ["Source shop", "warn", expect.stringContaining("1 row is refused") as string],
  ]);
  await fixture.business.pool.query("TRUNCATE surelay_outbox");
  await expect.poll(async () => (await listSources(db))[0]?.standing, { timeout: 20_000 }).toBe("idle");
  expect(await check()).toEqual([
    ["Source shop", "ok", expect.stringContaining("idle; PostgreSQL") as string],
  ]);
  expect(await check(new Map())).toEqual([
    ["Source shop", "ok", expect.stringContaining("is not set here") as string],
  ]);
});
