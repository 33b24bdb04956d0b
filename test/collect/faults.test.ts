import { createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { SourceFault } from "../../server/sources/source-fault.ts";
import { readOutboxProgress } from "../../server/store/outbox-progress.ts";
import {
  changeOutboxSource,
  findOutboxSource,
  listOutboxSources,
  removeOutboxSource,
} from "../../server/store/outbox-sources.ts";
import {
  countStored,
  insertRows,
  storedByKey,
  untilCollected,
  useCollect,
  PATIENTLY,
} from "./collect-fixture.ts";

const fixture = useCollect();
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Progress by the source's name. */
async function progressOf(name: string) {
  const id = (await listOutboxSources(fixture.store.pool)).find((source) => source.name === name)!.id;
  return (await readOutboxProgress(fixture.store.pool)).find(({ sourceId }) => sourceId === id)!;
}
const faultOf = async (name: string) => (await progressOf(name)).faultCode;

test("a source that cannot be collected says why, and the others go on", async () => {
  await fixture.business.pool.query("CREATE TABLE IF NOT EXISTS lame_outbox (id uuid, topic text)");
  await fixture.source();
  const other = new URL(fixture.business.url);
  const addresses: Record<string, string> = { SURELAY_SOURCE_LOST: "postgresql://a:geheim@127.0.0.1:1/x" };
  other.pathname = "/no_such_database";
  addresses.SURELAY_SOURCE_NODB = other.href;
  addresses.SURELAY_SOURCE_ODD = "mongodb://a:geheim@host/x";
  await fixture.source({ name: "lost", connection: "SURELAY_SOURCE_LOST" });
  await fixture.source({ name: "nodb", connection: "SURELAY_SOURCE_NODB" });
  await fixture.source({ name: "odd", connection: "SURELAY_SOURCE_ODD" });
  await fixture.source({ name: "unset", connection: "SURELAY_SOURCE_UNSET" });
  await fixture.source({ name: "missing", table: "no_such_table" });
  await fixture.source({ name: "lame", table: "lame_outbox" });
  const collector = fixture.start({}, { addresses });
  const expected = {
    lost: "unreachable",
    nodb: "no_database",
    odd: "bad_address",
    unset: "unset",
    missing: "no_table",
    lame: "wrong_columns",
    business: null,
  };
  await expect
    .poll(
      async () =>
        Object.fromEntries(
          await Promise.all(Object.keys(expected).map(async (name) => [name, await faultOf(name)])),
        ),
      { timeout: 20_000 },
    )
    .toEqual(expected);
  await insertRows(fixture.business.pool, [{}, {}, {}]);
  await untilCollected(fixture, 3);
  for (const name of Object.keys(expected))
    expect((await progressOf(name)).faultDetail ?? "").not.toContain("geheim");
  expect((await progressOf("lame")).faultDetail).toContain("the table lacks seq, message_key");
  expect(collector.failing().toSorted()).toEqual(["lame", "lost", "missing", "nodb", "odd", "unset"]);
});

test("a business database that goes away is found again, and nothing is lost on the way", async () => {
  const proxy = await cutProxy(fixture.business.url);
  await fixture.source({ connection: "SURELAY_SOURCE_PROXY" });
  fixture.start({ batch: 5 }, { addresses: { SURELAY_SOURCE_PROXY: proxy.url } });
  await insertRows(
    fixture.business.pool,
    Array.from({ length: 20 }, () => ({ key: "k" })),
  );
  await untilCollected(fixture, 20);
  proxy.cut();
  await insertRows(
    fixture.business.pool,
    Array.from({ length: 20 }, () => ({ key: "k" })),
  );
  await expect.poll(() => faultOf("business"), { timeout: 20_000 }).toBe("unreachable");
  proxy.mend();
  await untilCollected(fixture, 40);
  await expect.poll(() => faultOf("business"), { timeout: 20_000 }).toBe(null);
});

test("connections of the store and the source that are cut again and again cost nothing but time", async () => {
  await fixture.source();
  const rows = 1000;
  await insertRows(
    fixture.business.pool,
    Array.from({ length: rows }, (_, i) => ({ key: `k${i % 4}`, payload: String(i) })),
  );
  fixture.start({ batch: 10 });
  const connections = [
    [fixture.store, "surelay collect hot"],
    [fixture.business, "surelay collect business"],
  ] as const;
  let cuts = 0;
  for (let last = 0; last < rows - 100; ) {
    const [db, name] = connections[cuts++ % 2]!;
    await expect
      .poll(() => countStored(fixture.store.pool), { timeout: 20_000, interval: 1 })
      .toBeGreaterThan(last);
    last = await countStored(fixture.store.pool);
    await db.pool.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()",
      [name],
    );
  }
  await untilCollected(fixture, rows);
  expect(cuts).toBeGreaterThan(4);
  const byKey = await storedByKey(fixture.store.pool);
  for (const payloads of Object.values(byKey))
    expect(payloads.map(Number)).toEqual(payloads.map(Number).toSorted((x, y) => x - y));
});

test("a changed declaration counts at once; a removed source is let go", async () => {
  const spec = await fixture.source({ table: "no_such_table" });
  const collector = fixture.start();
  await expect.poll(() => faultOf("business"), { timeout: 20_000 }).toBe("no_table");
  await insertRows(fixture.business.pool, [{}]);
  const { updatedAt } = (await findOutboxSource(fixture.store.pool, "business"))!;
  expect(
    await changeOutboxSource(fixture.store.pool, { ...spec, table: "public.surelay_outbox" }, updatedAt),
  ).toBe("changed");
  await untilCollected(fixture, 1);
  await removeOutboxSource(fixture.store.pool, "business");
  await expect.poll(() => collector.report().sources, { timeout: 20_000 }).toEqual([]);
  await insertRows(fixture.business.pool, [{}]);
  expect(await countStored(fixture.store.pool)).toBe(1);
});

test("two collectors share the sources, and one that ends leaves its own to the other", async () => {
  for (const name of ["s1", "s2", "s3", "s4"]) await fixture.source({ name });
  // Both have to be known as alive for a fair share; heartbeats are the frame's affair.
  const alive = (name: string) =>
    fixture.store.pool.query(
      `INSERT INTO worker_instance (kind, name, host, pid, version, started_at, heartbeat_at)
       VALUES ('collect', $1, 'here', 1, '0', now(), now() + interval '1 hour') ON CONFLICT (kind, name) DO UPDATE SET heartbeat_at = excluded.heartbeat_at`,
      [name],
    );
  await alive("collect-a");
  const a = fixture.start({ instance: "collect-a" });
  await expect.poll(() => a.report().sources.length, PATIENTLY).toBe(4);
  await alive("collect-b");
  const b = fixture.start({ instance: "collect-b" });
  await expect
    .poll(() => [a.report().sources.length, b.report().sources.length], { timeout: 20_000 })
    .toEqual([2, 2]);
  a.setQuiet(true);
  await fixture.store.pool.query("UPDATE worker_instance SET wanted = 'quiet' WHERE name = 'collect-a'");
  await expect
    .poll(() => [a.report().sources.length, b.report().sources.length], { timeout: 20_000 })
    .toEqual([0, 4]);
  await fixture.store.pool.query("DELETE FROM worker_instance");
});

test("a driver's errors are told apart", async () => {
  const { toSourceFault } = await import("../../server/sources/source-fault.ts");
  const code = (of: object) => toSourceFault(Object.assign(new Error("x"), of), "h:1").code;
  expect(code({ code: "28P01" })).toBe("sign_in");
  expect(code({ code: "ER_TABLEACCESS_DENIED_ERROR" })).toBe("forbidden");
  expect(code({ code: "ECONNREFUSED" })).toBe("unreachable");
  expect(code({ code: "22P02" })).toBe("failed");
  const own = new SourceFault("unset", "x");
  expect(toSourceFault(own, "h:1")).toBe(own);
});

/** A way to the database that can be cut: what is open breaks, what is new is refused. */
async function cutProxy(url: string): Promise<{ url: string; cut(): void; mend(): void }> {
  const { connect } = await import("node:net");
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server: Server = createServer((socket) => {
    if (isCut) return void socket.destroy();
    const through = connect(Number(target.port), target.hostname);
    for (const end of [socket, through]) {
      sockets.add(end);
      end.on("error", () => undefined);
      end.on("close", () => {
        sockets.delete(end);
        socket.destroy();
        through.destroy();
      });
    }
    socket.pipe(through).pipe(socket);
  });
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  closing.push(() => {
    cut();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const through = new URL(url);
  through.hostname = "127.0.0.1";
  through.port = String((server.address() as { port: number }).port);
  return { url: through.href, cut, mend: () => (isCut = false) };
}
