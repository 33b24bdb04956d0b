import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../local/ports.ts";
import { signingSecret } from "../../server/auth/signing-secret.ts";
import { NO_CHECK_SETTINGS } from "../../server/domain/check-policy.ts";
import { upsertApp } from "../../server/store/apps.ts";
import { serveChecks, settled, type StartChecker } from "../sdk/kill/check-by-hand.ts";
import { type RelayProcess, spawnRelay } from "./relay-process.ts";
import type { ChaosSite } from "./site.ts";

const MASTER = "a master secret of this run, long enough for the rule";
/** The `confirm` process dies as well, this often. */
const KILL_EVERY_MS = 10_000;

/** The product's own `confirm` process, asking after a second, and killed every ten. */
export function checkByService(site: ChaosSite, logFile?: string): StartChecker {
  return async ({ store }, business, verdict) => {
    const secret = signingSecret(MASTER, "orders", 1);
    const handler = await serveChecks(business, { secret, port: await freePort(), waitMs: 1000 });
    const check = { ...NO_CHECK_SETTINGS, factor: 1, maxDelaySeconds: 1, maxAttempts: 1000 };
    await upsertApp(site.pool, {
      name: "orders",
      checkUrl: handler.url,
      checkAfterSeconds: 1,
      contact: null,
      check,
    });
    const start = () =>
      spawnRelay({
        name: "confirm-1",
        entry: "workers/confirm/main.ts",
        databaseUrl: site.databaseUrl,
        bootstrap: site.cluster.bootstrap,
        logFile,
        env: { SURELAY_SIGNING_SECRET: MASTER, SURELAY_ALLOWED_HOSTS: "127.0.0.1" },
      });
    let confirm: RelayProcess = await start();
    const stopping = new AbortController();
    const killing = (async () => {
      for (;;) {
        await sleep(KILL_EVERY_MS, undefined, { signal: stopping.signal });
        await confirm.kill();
        confirm = await start();
      }
    })().catch(() => undefined);
    return {
      sleepMs: 1500,
      settle: () => settled(store, 120_000),
      async stop() {
        stopping.abort();
        await killing;
        await confirm.kill();
        await handler.stop();
        const { rows } = await store.query<{ outcome: string; n: string }>(
          "SELECT outcome, count(*) AS n FROM check_back GROUP BY outcome",
        );
        for (const { outcome, n } of rows) verdict.answers[outcome] = Number(n);
      },
    };
  };
}
