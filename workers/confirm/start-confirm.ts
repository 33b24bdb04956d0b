import { createPool } from "../../server/db.ts";
import { OperatorError } from "../../server/errors.ts";
import { parseAllowedHosts } from "../../server/outbound/allowed-hosts.ts";
import { createGuardedAgents } from "../../server/outbound/guarded-agent.ts";
import { listenFor } from "../runtime/listen.ts";
import { runLoop, Wake } from "../runtime/loop.ts";
import type { ProcessContext, RunningWorker } from "../runtime/process.ts";
import { ConfirmMetrics } from "./confirm-metrics.ts";
import { Confirmer } from "./confirmer.ts";
import { createDirectory } from "./directory.ts";

/** Claiming, and a batch of each kind of answer being written down. */
const HOT_CONNECTIONS = 4;

/** @throws OperatorError `signing_secret_missing` */
export function startConfirm(ctx: ProcessContext): Promise<RunningWorker> {
  const { config, log } = ctx;
  if (!config.SURELAY_SIGNING_SECRET)
    throw new OperatorError(
      "signing_secret_missing",
      "SURELAY_SIGNING_SECRET is not set: check-backs are signed with secrets derived from it. Take at least 32 random characters, the same for `confirm` and the console, such as `openssl rand -base64 32` makes.",
    );
  const hot = createPool({ url: ctx.databaseUrl, max: HOT_CONNECTIONS, name: "confirm hot", log, hot: true });
  const agents = createGuardedAgents(parseAllowedHosts(config.SURELAY_ALLOWED_HOSTS));
  const directory = createDirectory({
    db: ctx.pool,
    master: config.SURELAY_SIGNING_SECRET,
    afterSeconds: config.SURELAY_CHECK_AFTER_SECONDS,
  });
  const wake = new Wake();
  const confirmer = new Confirmer({
    db: ctx.pool,
    hot,
    log,
    metrics: new ConfirmMetrics(ctx.metrics),
    agents,
    directory,
    wake,
    concurrency: config.SURELAY_CHECK_CONCURRENCY,
    pollMs: config.SURELAY_CHECK_POLL_MS,
  });
  let failing = false;
  ctx.report(() => confirmer.report());
  const running = runLoop({
    name: "check-backs",
    pollMs: config.SURELAY_CHECK_POLL_MS,
    wake,
    signal: ctx.signal,
    log,
    runOnce: async () => {
      failing = true;
      const more = await confirmer.runOnce();
      failing = false;
      return more;
    },
    onTick: ctx.tick,
    isQuiet: ctx.isQuiet,
  });
  // An operator has messages asked again or resets a breaker, another replica closes one: worth a look at once.
  const listening = listenFor(
    ctx.databaseUrl,
    "surelay_check",
    () => {
      directory.doubt();
      wake.notify();
    },
    ctx,
  );
  return Promise.resolve({
    setQuiet: (quiet) => {
      if (quiet)
        confirmer.giveBack().catch((err: unknown) => log.warn({ err }, "claims could not be given back"));
      wake.notify();
    },
    stop: async () => {
      await running;
      await confirmer.stop();
      await listening;
      agents.close();
      await hot.end();
    },
    readiness: () =>
      Promise.resolve({ ready: !failing, checks: { checkBacks: failing ? "the last pass failed" : "ok" } }),
  });
}
