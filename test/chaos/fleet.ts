import { setTimeout as sleep } from "node:timers/promises";
import type { Armed } from "./armed-kafka.ts";
import type { ChaosSite } from "./site.ts";
import { type RelayProcess, spawnRelay } from "./relay-process.ts";

/** What a process of the fleet runs. */
export interface Role {
  entry: string;
  env?: Record<string, string>;
}

/** Relays, or whatever else, as processes of their own, each under a stable name, replaced when they are killed. */
export class Fleet {
  readonly #site: ChaosSite;
  readonly #options: Role & { leaseMs: number; logFile?: string };
  readonly #roles = new Map<string, Role>();
  readonly #relays = new Map<string, RelayProcess>();
  readonly #inHand = new Set<string>();

  constructor(site: ChaosSite, options: Role & { leaseMs: number; logFile?: string }) {
    this.#site = site;
    this.#options = options;
  }

  /** @param role kept for its later starts; default: the fleet's own */
  async start(name: string, role: Role = this.#roles.get(name) ?? this.#options): Promise<void> {
    const { leaseMs, logFile } = this.#options;
    this.#roles.set(name, role);
    const relay = await spawnRelay({
      name,
      entry: role.entry,
      logFile,
      databaseUrl: this.#site.databaseUrl,
      bootstrap: this.#site.cluster.bootstrap,
      env: { SURELAY_LANE_LEASE_MS: String(leaseMs), SURELAY_HEARTBEAT_MS: "1000", ...role.env },
    });
    this.#relays.set(name, relay);
  }

  /**
   * A process by chance that no other fault has in its hands; undefined when there is none.
   *
   * @param kind its name up to the number; default: any
   */
  any(kind?: string): RelayProcess | undefined {
    const running = [...this.#relays.values()].filter(
      (process) =>
        process.isRunning() &&
        !this.#inHand.has(process.name) &&
        (kind === undefined || process.name.replace(/-\d+$/, "") === kind),
    );
    return running[Math.floor(Math.random() * running.length)];
  }

  /** While `work` runs no other fault touches this relay: two that start it anew would start it twice. */
  async #alone(relay: RelayProcess, work: () => Promise<void>): Promise<void> {
    this.#inHand.add(relay.name);
    try {
      await work();
    } finally {
      this.#inHand.delete(relay.name);
    }
  }

  /** SIGTERM: it hands its lanes over. */
  async leave(name: string): Promise<void> {
    while (this.#inHand.has(name)) await sleep(50);
    const relay = this.#relays.get(name);
    this.#relays.delete(name);
    await relay?.stop();
  }

  /** Starts those anew that ended by themselves, as a supervisor would. @returns which, and how they ended */
  async revive(): Promise<string[]> {
    const dead = [...this.#relays.values()].filter(
      (process) => !process.isRunning() && !this.#inHand.has(process.name),
    );
    const endings = dead.map((process) => `${process.name}: ${process.ending()}`);
    for (const { name } of dead) await this.start(name);
    return endings;
  }

  /** Killed at a chosen moment within a transaction if it comes to one in time, else at any; then started anew. */
  kill(relay: RelayProcess, atStep?: Armed): Promise<void> {
    return this.#alone(relay, async () => {
      if (atStep) {
        relay.arm(atStep);
        for (let i = 0; i < 60 && relay.isRunning(); i++) await sleep(20);
      }
      await relay.kill();
      await sleep(Math.random() < 0.5 ? 0 : 1000 + Math.random() * 2000);
      await this.start(relay.name);
    });
  }

  /** Stopped for longer than its lease, then woken: it believes to own lanes that others have taken. */
  sleepwalk(relay: RelayProcess, atStep: boolean): Promise<void> {
    return this.#alone(relay, async () => {
      if (atStep) {
        relay.arm("stop");
        await sleep(700);
      }
      relay.signal("SIGSTOP");
      await sleep(this.#options.leaseMs + 1000 + Math.random() * 3000);
      relay.signal("SIGCONT");
    });
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#relays.values()].map((relay) => relay.kill()));
    this.#relays.clear();
  }
}
