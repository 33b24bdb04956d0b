import type { Config } from "../../server/config/config.ts";
import { OperatorError } from "../../server/errors.ts";
import { listenFor } from "./listen.ts";
import { runLoop, type Wake } from "./loop.ts";
import type { ProcessContext, RunningWorker } from "./process.ts";

/** Claims what is due, calls somebody about it, and writes the outcomes down. */
export interface ClaimWorker {
  runOnce(): Promise<boolean>;
  /** Puts back what is claimed and not begun. */
  giveBack(): Promise<void>;
  /** Ends what is under way, within its own deadline. */
  stop(): Promise<void>;
  report(): object;
}

/** Runs one in a process: a loop that a channel of the database wakes, and that claims nothing while it is to be quiet. */
export function runClaimWorker(
  ctx: ProcessContext,
  options: {
    worker: ClaimWorker;
    /** Of the loop, in the log. */
    name: string;
    /** Of its line in /readyz. */
    check: string;
    pollMs: number;
    wake: Wake;
    channel: string;
    /** Called with each notification's payload, and with "" after every (re)connect. */
    onNotify: (payload: string) => void;
    /** What the worker stands on; closed last. */
    close: () => Promise<void>;
  },
): RunningWorker {
  const { worker, name, check, pollMs, wake } = options;
  const { signal, log } = ctx;
  let failing = false;
  ctx.report(() => worker.report());
  const running = runLoop({
    name,
    pollMs,
    wake,
    signal,
    log,
    runOnce: async () => {
      failing = true;
      const more = await worker.runOnce();
      failing = false;
      return more;
    },
    onTick: ctx.tick,
    isQuiet: ctx.isQuiet,
  });
  const listening = listenFor(ctx.databaseUrl, options.channel, options.onNotify, ctx);
  return {
    setQuiet: (quiet) => {
      if (quiet)
        worker.giveBack().catch((err: unknown) => log.warn({ err }, "claims could not be given back"));
      wake.notify();
    },
    stop: async () => {
      await running;
      await worker.stop();
      await listening;
      await options.close();
    },
    readiness: () =>
      Promise.resolve({ ready: !failing, checks: { [check]: failing ? "the last pass failed" : "ok" } }),
  };
}

/** @param signs what is signed with it @throws OperatorError `signing_secret_missing` */
export function requireSigningSecret({ SURELAY_SIGNING_SECRET }: Config, signs: string): string {
  if (SURELAY_SIGNING_SECRET) return SURELAY_SIGNING_SECRET;
  throw new OperatorError(
    "signing_secret_missing",
    `SURELAY_SIGNING_SECRET is not set: ${signs} are signed with secrets derived from it. Take at least 32 random characters, the same for \`confirm\`, \`notify\` and the console, such as \`openssl rand -base64 32\` makes.`,
  );
}
