import { beforeAll, describe, expect, test } from "vitest";
import { exportAudit } from "../../server/services/audit/export-audit.ts";
import { type AuditFilter, SCAN_LINES, listAuditLines } from "../../server/store/audit-log.ts";
import { appendAudit } from "../../server/store/audit.ts";
import { useDatabase } from "../support/database.ts";

const database = useDatabase();
const ANY: AuditFilter = {
  actor: null,
  action: null,
  targetKind: null,
  targetId: null,
  withinSeconds: null,
  from: null,
  to: null,
  text: null,
};
/** More than one stretch of looking for a text. */
const LINES = SCAN_LINES + 5000;

beforeAll(async () => {
  await database.pool.query(
    `INSERT INTO audit_log (at, actor_name, action, target_kind, target_id, after, reason)
     SELECT now() - make_interval(mins => $1::int - n), CASE n % 3 WHEN 0 THEN 'ada' ELSE 'grace' END,
            CASE n % 2 WHEN 0 THEN 'topic.pause' ELSE 'topic.resume' END, 'topic', 'orders.' || n % 10,
            jsonb_build_object('n', n), CASE WHEN n IN (7, $1::int - 3) THEN 'the 100% needle_' END
     FROM generate_series(1, $1::int) AS n`,
    [LINES],
  );
}, 60_000);

const list = (filter: Partial<AuditFilter>, before: string | null = null, limit = 50) =>
  listAuditLines(database.pool, { filter: { ...ANY, ...filter }, before, limit });

/** Follows the pages to the end. */
async function all(filter: Partial<AuditFilter>, limit: number) {
  const ids: string[] = [];
  let pages = 0;
  for (let before: string | null = null; ; pages++) {
    const page: Awaited<ReturnType<typeof list>> = await list(filter, before, limit);
    ids.push(...page.lines.map(({ id }) => id));
    if (page.next === null) return { ids, pages: pages + 1 };
    before = page.next;
  }
}

describe("the log's pages", () => {
  test("hold every line once, newest first", async () => {
    const { ids, pages } = await all({ actor: "ada", action: "topic.pause" }, 500);
    expect(ids).toHaveLength(Math.floor(LINES / 6));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.map(Number)).toEqual(ids.map(Number).toSorted((a, b) => b - a));
    expect(pages).toBe(Math.ceil(ids.length / 500));
  });

  test("are narrowed by target and time", async () => {
    const { lines } = await list({ targetKind: "topic", targetId: "orders.4" });
    expect(new Set(lines.map(({ targetId }) => targetId))).toEqual(new Set(["orders.4"]));
    expect((await list({ withinSeconds: 600 }, null, 100)).lines).toHaveLength(10);
    const [first] = lines;
    expect((await list({ from: first!.at, to: new Date(first!.at.getTime() + 1) })).lines).toHaveLength(1);
    expect((await list({ targetKind: "app" })).lines).toEqual([]);
  });

  test("find a text anywhere, say how far they looked, and go on from there", async () => {
    const page = await list({ text: "100% NEEDLE_" });
    expect(page.lines).toHaveLength(1);
    expect(page.scannedTo).toBeInstanceOf(Date);
    const further = await list({ text: "100% NEEDLE_" }, page.next);
    expect(further.lines).toHaveLength(1);
    expect(further.next).toBeNull();
    expect((await list({ text: "%" }, null, 10)).lines).toHaveLength(1);
    expect((await list({ text: `"n": ${LINES - 1}` })).lines).toHaveLength(1);
  });

  test.each([
    [{ actor: "ada" }, "audit_log_actor_name_id_idx"],
    [{ action: "no.such" }, "audit_log_action_id_idx"],
    [{ targetKind: "topic", targetId: "orders.4" }, "audit_log_target_kind_target_id_id_idx"],
    [{}, "audit_log_pkey"],
  ])("%j is read along an index", async (filter, index) => {
    await database.pool.query("ANALYZE audit_log");
    const asked: { text: string; values: unknown[] }[] = [];
    const spy = {
      query: (text: string, values: unknown[]) => {
        asked.push({ text, values });
        return database.pool.query(text, values);
      },
    };
    await listAuditLines(spy as never, { filter: { ...ANY, ...filter }, before: null, limit: 50 });
    const { rows } = await database.pool.query(`EXPLAIN ${asked[0]!.text}`, asked[0]!.values);
    const plan = rows.map((row: Record<string, string>) => row["QUERY PLAN"]).join("\n");
    expect(plan).not.toContain("Seq Scan on audit_log");
    expect(plan).not.toMatch(/Sort Key: l\.id/);
    expect(plan).toMatch(new RegExp(`${index}|audit_log_pkey`));
  });
});

describe("the log as a file", () => {
  const by = { actorId: "operator-1", actorName: "auditor", ip: "203.0.113.7" };
  const read = async (filter: Partial<AuditFilter>, format: "csv" | "jsonl") => {
    let text = "";
    const signal = new AbortController().signal;
    for await (const piece of exportAudit(database.pool, {
      filter: { ...ANY, ...filter },
      format,
      by,
      signal,
    }))
      text += piece;
    return text;
  };

  test("holds all that matches, over as many pages as it takes, and is itself in the log", async () => {
    const lines = (await read({ actor: "ada" }, "jsonl")).trimEnd().split("\n");
    expect(lines).toHaveLength(Math.floor(LINES / 3));
    expect(JSON.parse(lines[0]!)).toMatchObject({ actorName: "ada", targetKind: "topic" });
    const csv = await read({ text: "needle" }, "csv");
    expect(csv.trimEnd().split("\r\n")).toHaveLength(1 + 2);
    const [entry] = (await list({ action: "audit.export" })).lines;
    expect(entry).toMatchObject({
      actorName: "auditor",
      targetKind: "audit",
      targetId: "csv",
      ip: "203.0.113.7",
    });
  });

  test("begins only after it was written down", async () => {
    const before = (await list({ action: "audit.export" })).lines.length;
    const signal = new AbortController().signal;
    const pieces = exportAudit(database.pool, { filter: ANY, format: "jsonl", by, signal });
    await pieces.next();
    await pieces.return();
    expect((await list({ action: "audit.export" })).lines).toHaveLength(before + 1);
  });
});

test("nobody changes the log, whoever owns it", async () => {
  await appendAudit(database.pool, {
    actorId: null,
    actorName: "test",
    action: "test.write",
    targetKind: "test",
    targetId: "1",
  });
  for (const statement of [
    "UPDATE audit_log SET actor_name = 'x'",
    "DELETE FROM audit_log",
    "TRUNCATE audit_log",
  ])
    await expect(database.pool.query(statement)).rejects.toThrow("append-only");
});
