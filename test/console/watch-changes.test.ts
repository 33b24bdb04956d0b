import pg from "pg";
import { describe, expect, inject, test } from "vitest";
import { type Queryable, createPool } from "../../server/db.ts";
import { silentLog } from "../../server/log.ts";
import { type ChangeNotice, ChangeWatch } from "../../server/services/console/watch-changes.ts";
import { insertPrepared } from "../../server/store/store-messages.ts";
import { useDatabase } from "../support/database.ts";
import { declare, newMessage } from "../support/messages.ts";

const database = useDatabase();
const watchOf = (db: Queryable, { heartbeatMs = 60_000, pollMs = 10 } = {}) =>
  new ChangeWatch({ db, log: silentLog, pollMs, heartbeatMs });

async function next(notices: AsyncGenerator<ChangeNotice, void>): Promise<ChangeNotice> {
  const { value } = await notices.next();
  if (!value) throw new Error("the watch ended");
  return value;
}

/** The next notice of another version. Others may write to the server's catalogues meanwhile: any change will do. */
async function nextVersion(
  notices: AsyncGenerator<ChangeNotice, void>,
  last: ChangeNotice,
): Promise<ChangeNotice> {
  for (;;) {
    const notice = await next(notices);
    if (notice.version !== last.version) return notice;
  }
}

describe("followers of changes", () => {
  test("are told at once where things are, then of every write, all alike", async () => {
    const orders = await declare(database.pool);
    const watch = watchOf(database.pool);
    const end = new AbortController();
    const [one, two] = [watch.follow(end.signal), watch.follow(end.signal)];
    const [first, same] = await Promise.all([next(one), next(two)]);
    expect(same.version).toBe(first.version);
    expect(first.at).toBeInstanceOf(Date);
    await insertPrepared(database.pool, [newMessage(orders)]);
    const [changed] = await Promise.all([nextVersion(one, first), nextVersion(two, first)]);
    expect(changed.version).not.toBe(first.version);
    end.abort();
    expect((await one.next()).done).toBe(true);
  });

  test("see a write that was under way before they came and committed after", async () => {
    const orders = await declare(database.pool);
    const writer = await database.pool.connect();
    await writer.query("BEGIN");
    await insertPrepared(writer, [newMessage(orders)]);
    const end = new AbortController();
    const notices = watchOf(database.pool).follow(end.signal);
    const before = await next(notices);
    await writer.query("COMMIT");
    writer.release();
    expect((await nextVersion(notices, before)).version).not.toBe(before.version);
    end.abort();
  });

  test("hear from the watch even when nothing happens", async () => {
    const end = new AbortController();
    const notices = watchOf(database.pool, { heartbeatMs: 30 }).follow(end.signal);
    const heard = [await next(notices), await next(notices), await next(notices)];
    expect(heard).toHaveLength(3);
    end.abort();
  });

  test("learn that the database is away, and that it is back", async () => {
    const watched = createPool({ url: database.url, max: 1, name: "watched", log: silentLog });
    const admin = new pg.Client({ connectionString: inject("postgresUrl") }); // beside the database that goes away
    await admin.connect();
    const name = new URL(database.url).pathname.slice(1);
    const admit = (yes: boolean) => admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS ${yes}`);
    try {
      const end = new AbortController();
      const notices = watchOf(watched).follow(end.signal);
      expect((await next(notices)).at).not.toBeNull();
      await admit(false);
      await admin.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'surelay watched'",
      );
      while ((await next(notices)).at !== null);
      await admit(true);
      while ((await next(notices)).at === null);
      end.abort();
    } finally {
      await admit(true);
      await admin.end();
      await watched.end();
    }
  });

  test("cost nothing when there are none", async () => {
    const watch = watchOf(database.pool);
    const end = new AbortController();
    const notices = watch.follow(end.signal);
    await next(notices);
    expect(watch.polling).toBe(true);
    end.abort();
    await notices.next();
    await expect.poll(() => watch.polling).toBe(false);
  });

  test("are told at once, also when the last one has just left: a page that is loaded again", async () => {
    const watch = watchOf(database.pool, { pollMs: 3_600_000 });
    for (let load = 0; load < 3; load++) {
      const end = new AbortController();
      const notices = watch.follow(end.signal);
      expect((await next(notices)).at).toBeInstanceOf(Date);
      end.abort();
      await notices.next();
    }
  });

  test("are let go when the process stops", async () => {
    const watch = watchOf(database.pool);
    const notices = watch.follow(new AbortController().signal);
    await next(notices);
    watch.stop();
    await expect(next(notices)).rejects.toMatchObject({ code: "unavailable" });
  });
});
