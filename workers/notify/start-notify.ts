import { createPool } from "../../server/db.ts";
import { parseAllowedHosts } from "../../server/outbound/allowed-hosts.ts";
import { createGuardedAgents } from "../../server/outbound/guarded-agent.ts";
import { requireSigningSecret, runClaimWorker } from "../runtime/claim-process.ts";
import { Wake } from "../runtime/loop.ts";
import type { ProcessContext, RunningWorker } from "../runtime/process.ts";
import { createEndpoints } from "./endpoints.ts";
import { Notifier } from "./notifier.ts";
import { NotifyMetrics } from "./notify-metrics.ts";

/** Claiming, giving back, and a batch of each kind of outcome being written down. */
const HOT_CONNECTIONS = 4;

/** @throws OperatorError `signing_secret_missing` */
export async function startNotify(ctx: ProcessContext): Promise<RunningWorker> {
  const { config, log } = ctx;
  const master = requireSigningSecret(config, "calls of webhooks");
  const hot = createPool({ url: ctx.databaseUrl, max: HOT_CONNECTIONS, name: "notify hot", log, hot: true });
  const agents = createGuardedAgents(parseAllowedHosts(config.SURELAY_ALLOWED_HOSTS));
  const wake = new Wake();
  const notifier = new Notifier({
    db: ctx.pool,
    hot,
    log,
    metrics: new NotifyMetrics(ctx.metrics),
    agents,
    endpoints: createEndpoints(ctx.pool, master),
    wake,
    concurrency: config.SURELAY_NOTIFY_CONCURRENCY,
    pollMs: config.SURELAY_NOTIFY_POLL_MS,
    disableAfterSeconds: config.SURELAY_WEBHOOK_DISABLE_AFTER_SECONDS,
  });
  return runClaimWorker(ctx, {
    worker: notifier,
    name: "webhooks",
    check: "webhooks",
    pollMs: config.SURELAY_NOTIFY_POLL_MS,
    wake,
    // The relay names subscriptions that have new deliveries; anything else says that a subscription or its endpoint changed.
    channel: "surelay_notify",
    onNotify: (payload) => notifier.notice(/^[0-9,]+$/.test(payload) ? payload.split(",").map(Number) : null),
    close: async () => {
      agents.close();
      await hot.end();
    },
  });
}
