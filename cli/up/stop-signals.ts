import type { Supervisor } from "../../local/supervisor.ts";
import type { Progress } from "./progress.ts";

/** Longer than any single service may take; PostgreSQL's last checkpoint is the slowest part. */
const DEADLINE_MS = 60_000;
/**
 * Under `npm start` one Ctrl-C arrives twice: the terminal sends it to the whole foreground group, and npm, being
 * signalled as well, passes it on. Nobody who wants to force the end presses twice within this.
 */
const SAME_KEYPRESS_MS = 700;

export interface StopSignals {
  /** Resolves at the first SIGINT, SIGTERM or SIGHUP. */
  asked: Promise<void>;
  /** Waits for an orderly stop, and forces it when it does not end in time. */
  inTime: (stop: Promise<void>) => Promise<void>;
}

/** The first signal asks for an orderly stop; a second one kills everything at once and exits with 1. */
export function untilAskedToStop(supervisor: Supervisor, progress: Progress): StopSignals {
  let askedAt: number | undefined;
  const force = (why: string) => {
    progress.say(`${why}: killing everything`);
    supervisor.force();
    process.exit(1);
  };
  const asked = new Promise<void>((resolve) => {
    const onSignal = (signal: NodeJS.Signals) => {
      if (askedAt === undefined) {
        askedAt = performance.now();
        progress.say(`${signal}: stopping everything in order (once more forces it)`);
        resolve();
      } else if (performance.now() - askedAt > SAME_KEYPRESS_MS) {
        force(signal);
      }
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
  });
  // A fault of our own must not leave processes behind either.
  process.on("uncaughtException", (error) => {
    console.error(error);
    force("the launcher failed");
  });
  return {
    asked,
    inTime: async (stop) => {
      const deadline = setTimeout(
        () => force(`the stop did not end within ${DEADLINE_MS / 1000} s`),
        DEADLINE_MS,
      );
      await stop;
      clearTimeout(deadline);
    },
  };
}
