import { createPool } from "../../server/db.ts";
import { OperatorError } from "../../server/errors.ts";
import { parseAllowedHosts } from "../../server/outbound/allowed-hosts.ts";
import { createGuardedAgents } from "../../server/outbound/guarded-agent.ts";
import { listenFor } from "../runtime/listen.ts";
import { runLoop, Wake } from "../runtime/loop.ts";
import type { ProcessContext, RunningWorker } from "../runtime/process.ts";
import { createEndpoints } from "./endpoints.ts";
import { Notifier } from "./notifier.ts";
import { NotifyMetrics } from "./notify-metrics.ts";

/** Claiming, giving back, and a batch of each kind of outcome being written down. */
const HOT_CONNECTIONS = 4;

/** @throws OperatorError `signing_secret_missing` */
export function startNotify(ctx: ProcessContext): Promise<RunningWorker> {
  const { config, log } = ctx;
  if (!config.SURELAY_SIGNING_SECRET)
    throw new OperatorError(
      "signing_secret_missing",
      "SURELAY_SIGNING_SECRET is not set: calls of webhooks are signed with secrets derived from it. Take at least 32 random characters, the same for `confirm`, `notify` and the console, such as `openssl rand -base64 32` makes.",
    );
  const hot = createPool({ url: ctx.databaseUrl, max: HOT_CONNECTIONS, name: "notify hot", log, hot: true });
  const agents = createGuardedAgents(parseAllowedHosts(config.SURELAY_ALLOWED_HOSTS));
  const endpoints = createEndpoints(ctx.pool, config.SURELAY_SIGNING_SECRET);
  const wake = new Wake();
  const notifier = new Notifier({
    db: ctx.pool,
    hot,
    log,
    metrics: new NotifyMetrics(ctx.metrics),
    agents,
    endpoints,
    wake,
    concurrency: config.SURELAY_NOTIFY_CONCURRENCY,
    pollMs: config.SURELAY_NOTIFY_POLL_MS,
    disableAfterSeconds: config.SURELAY_WEBHOOK_DISABLE_AFTER_SECONDS,
  });
  let failing = false;
  ctx.report(() => notifier.report());
  const running = runLoop({
    name: "webhooks",
    pollMs: config.SURELAY_NOTIFY_POLL_MS,
    wake,
    signal: ctx.signal,
    log,
    runOnce: async () => {
      failing = true;
      const more = await notifier.runOnce();
      failing = false;
      return more;
    },
    onTick: ctx.tick,
    isQuiet: ctx.isQuiet,
  });
  // The relay names subscriptions that have new deliveries; anything else says that a subscription or its endpoint changed.
  const listening = listenFor(
    ctx.databaseUrl,
    "surelay_notify",
    (payload) => notifier.notice(/^[0-9,]+$/.test(payload) ? payload.split(",").map(Number) : null),
    ctx,
  );
  return Promise.resolve({
    setQuiet: (quiet) => {
      if (quiet)
        notifier.giveBack().catch((err: unknown) => log.warn({ err }, "claims could not be given back"));
      wake.notify();
    },
    stop: async () => {
      await running;
      await notifier.stop();
      await listening;
      agents.close();
      await hot.end();
    },
    readiness: () =>
      Promise.resolve({ ready: !failing, checks: { webhooks: failing ? "the last pass failed" : "ok" } }),
  });
}
