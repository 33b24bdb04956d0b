import { createPool } from "../../server/db.ts";
import { parseAllowedHosts } from "../../server/outbound/allowed-hosts.ts";
import { createGuardedAgents } from "../../server/outbound/guarded-agent.ts";
import { requireSigningSecret, runClaimWorker } from "../runtime/claim-process.ts";
import { Wake } from "../runtime/loop.ts";
import type { ProcessContext, RunningWorker } from "../runtime/process.ts";
import { ConfirmMetrics } from "./confirm-metrics.ts";
import { Confirmer } from "./confirmer.ts";
import { createDirectory } from "./directory.ts";

/** Claiming, and a batch of each kind of answer being written down. */
const HOT_CONNECTIONS = 4;

/** @throws OperatorError `signing_secret_missing` */
export async function startConfirm(ctx: ProcessContext): Promise<RunningWorker> {
  const { config, log } = ctx;
  const master = requireSigningSecret(config, "check-backs");
  const hot = createPool({ url: ctx.databaseUrl, max: HOT_CONNECTIONS, name: "confirm hot", log, hot: true });
  const agents = createGuardedAgents(parseAllowedHosts(config.SURELAY_ALLOWED_HOSTS));
  const directory = createDirectory({
    db: ctx.pool,
    master,
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
  return runClaimWorker(ctx, {
    worker: confirmer,
    name: "check-backs",
    check: "checkBacks",
    pollMs: config.SURELAY_CHECK_POLL_MS,
    wake,
    // An operator has messages asked again or resets a breaker, another replica closes one: worth a look at once.
    channel: "surelay_check",
    onNotify: () => {
      directory.doubt();
      wake.notify();
    },
    close: async () => {
      agents.close();
      await hot.end();
    },
  });
}
