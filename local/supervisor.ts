import { setTimeout as sleep } from "node:timers/promises";
import { OperatorError } from "../server/errors.ts";
import type { Child } from "./child.ts";
import { type ChildKind, forgetChildren, killAll, recordChild } from "./orphans.ts";
import { sendSignal } from "./process-info.ts";
import { tailFile } from "./tail-file.ts";

/** A started service: its process, and how it is asked to end in order. */
export interface Running {
  child: Child;
  logFile: string;
  stop(): Promise<void>;
}

export interface ServiceSpec {
  name: string;
  kind: ChildKind;
  /** Services of a higher stage depend on those of lower ones, and are stopped before them. */
  stage: number;
  /** Starts the process, hands it to `onSpawn` at once, and resolves when it is ready to serve. */
  start(onSpawn: (child: Child) => void): Promise<Running>;
}

export interface SupervisorOptions {
  dataDir: string;
  /** One line for the person at the terminal. */
  say(text: string): void;
  /** First pause before a service that died is started again, ms; doubled each time up to 30 s. Default 500. */
  firstBackoffMs?: number;
}

const MAX_BACKOFF_MS = 30_000;
/** A service that ran this long had recovered: its next death counts as a first one. */
const STEADY_MS = 60_000;

interface Entry {
  spec: ServiceSpec;
  /** The process while it is being started or running. */
  child?: Child;
  running?: Running;
  restarts: number;
}

/**
 * Keeps the processes of one instance: each recorded as it is started, started again when it dies, all stopped in
 * the reverse of the order of their stages.
 */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #entries: Entry[] = [];
  readonly #abort = new AbortController();
  #stopping: Promise<void> | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** Aborted with an OperatorError `stopping` as soon as a stop is asked for. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Pids of what runs now, by name. */
  pids(): Record<string, number> {
    return Object.fromEntries(
      this.#entries.flatMap(({ spec, child }) =>
        child && !child.hasEnded() ? [[spec.name, child.pid]] : [],
      ),
    );
  }

  /**
   * Starts a service and waits until it serves. From then on it is restarted when it dies.
   *
   * @throws what its start throws; OperatorError `stopping` if a stop was asked for meanwhile.
   */
  async start(spec: ServiceSpec): Promise<Running> {
    this.#abort.signal.throwIfAborted();
    const entry: Entry = { spec, restarts: 0 };
    this.#entries.push(entry);
    const running = await this.#launch(entry);
    void this.#watch(entry);
    return running;
  }

  /** Records a process that is no service (a build step), so that no stop and no crash leaves it behind. */
  record(child: Child, name: string, kind: ChildKind): void {
    recordChild(this.#options.dataDir, child, name, kind);
  }

  /** Stops everything, highest stage first; services of one stage at the same time. Idempotent. */
  stop(): Promise<void> {
    return (this.#stopping ??= this.#stopAll());
  }

  /** Ends everything at once with SIGKILL. */
  force(): void {
    this.#abort.abort(stopRequest());
    killAll(this.#options.dataDir);
  }

  async #launch(entry: Entry): Promise<Running> {
    const { spec } = entry;
    const running = await spec.start((child) => {
      entry.child = child;
      recordChild(this.#options.dataDir, child, spec.name, spec.kind);
      // Spawned after a stop has ended everything else: nobody would come for this one.
      if (this.#abort.signal.aborted) sendSignal(child.pid, "SIGKILL");
    });
    entry.running = running;
    return running;
  }

  async #watch(entry: Entry): Promise<void> {
    const { spec } = entry;
    while (!this.#abort.signal.aborted) {
      const { running } = entry;
      if (!running) return;
      const since = performance.now();
      const end = await running.child.ended;
      if (this.#abort.signal.aborted) return;
      if (performance.now() - since > STEADY_MS) entry.restarts = 0;
      const how = end.signal ? `was ended by ${end.signal}` : `ended with code ${end.code}`;
      this.#complain(`${spec.name} ${how}; starting it again`, running.logFile);
      await this.#restart(entry);
    }
  }

  /** Tries until it runs or a stop is asked for: what it depends on may be restarting as well. */
  async #restart(entry: Entry): Promise<void> {
    const { spec } = entry;
    const { signal } = this.#abort;
    while (!signal.aborted) {
      const pause = Math.min(MAX_BACKOFF_MS, (this.#options.firstBackoffMs ?? 500) * 2 ** entry.restarts++);
      try {
        await sleep(pause, undefined, { signal });
        await this.#launch(entry);
        this.#options.say(`${spec.name} runs again`);
        return;
      } catch (error) {
        if (signal.aborted) return;
        this.#options.say(`${spec.name} could not be started again: ${(error as Error).message}`);
      }
    }
  }

  async #stopAll(): Promise<void> {
    this.#abort.abort(stopRequest());
    const stages = [...new Set(this.#entries.map(({ spec }) => spec.stage))].sort((a, b) => b - a);
    for (const stage of stages) {
      await Promise.all(
        this.#entries.filter(({ spec }) => spec.stage === stage).map((entry) => this.#stopOne(entry)),
      );
    }
    // What was still being started has no way of its own to stop in order.
    killAll(this.#options.dataDir);
    forgetChildren(this.#options.dataDir);
  }

  async #stopOne({ spec, child, running }: Entry): Promise<void> {
    if (!running || running.child !== child || running.child.hasEnded()) return;
    try {
      await running.stop();
    } catch (error) {
      this.#options.say(`${spec.name} did not stop in order: ${(error as Error).message}`);
    }
  }

  #complain(text: string, logFile: string): void {
    const tail = tailFile(logFile, 5).replaceAll(/^/gm, "    ");
    this.#options.say(tail.trim() ? `${text}. The end of ${logFile}:\n${tail}` : `${text}.`);
  }
}

function stopRequest(): OperatorError {
  return new OperatorError("stopping", "The start was broken off.");
}
