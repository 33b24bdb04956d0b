import { setTimeout as sleep } from "node:timers/promises";
import type { Armed } from "./armed-kafka.ts";
import type { ChaosSite } from "./site.ts";
import { type RelayProcess, spawnRelay } from "./relay-process.ts";

/** Relays as processes of their own, each under a stable name, replaced when they are killed. */
export class Fleet {
  readonly #site: ChaosSite;
  readonly #options: { entry: string; leaseMs: number; logFile?: string };
  readonly #relays = new Map<string, RelayProcess>();

  constructor(site: ChaosSite, options: { entry: string; leaseMs: number; logFile?: string }) {
    this.#site = site;
    this.#options = options;
  }

  async start(name: string): Promise<void> {
    const { entry, leaseMs, logFile } = this.#options;
    const relay = await spawnRelay({
      name,
      entry,
      logFile,
      databaseUrl: this.#site.databaseUrl,
      bootstrap: this.#site.cluster.bootstrap,
      env: { SURELAY_LANE_LEASE_MS: String(leaseMs), SURELAY_HEARTBEAT_MS: "1000" },
    });
    this.#relays.set(name, relay);
  }

  /** A relay of these, by chance; undefined when none runs. */
  any(): RelayProcess | undefined {
    const running = [...this.#relays.values()].filter((relay) => relay.isRunning());
    return running[Math.floor(Math.random() * running.length)];
  }

  has(name: string): boolean {
    return this.#relays.get(name)?.isRunning() ?? false;
  }

  /** SIGTERM: it hands its lanes over. @returns its exit code */
  async leave(name: string): Promise<number | null> {
    const relay = this.#relays.get(name);
    this.#relays.delete(name);
    return (await relay?.stop()) ?? null;
  }

  /** Starts those anew that ended by themselves, as a supervisor would. @returns how many */
  async revive(): Promise<number> {
    const dead = [...this.#relays].filter(([, relay]) => !relay.isRunning());
    for (const [name] of dead) await this.start(name);
    return dead.length;
  }

  /** Killed at a chosen moment within a transaction if it comes to one in time, else at any; then started anew. */
  async kill(relay: RelayProcess, atStep?: Armed): Promise<void> {
    if (atStep) {
      relay.arm(atStep);
      for (let i = 0; i < 60 && relay.isRunning(); i++) await sleep(20);
    }
    await relay.kill();
    await sleep(Math.random() < 0.5 ? 0 : 1000 + Math.random() * 2000);
    await this.start(relay.name);
  }

  /** Stopped for longer than its lease, then woken: it believes to own lanes that others have taken. */
  async sleepwalk(relay: RelayProcess, atStep: boolean): Promise<void> {
    if (atStep) {
      relay.arm("stop");
      await sleep(700);
    }
    relay.signal("SIGSTOP");
    await sleep(this.#options.leaseMs + 1000 + Math.random() * 3000);
    relay.signal("SIGCONT");
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#relays.values()].map((relay) => relay.kill()));
    this.#relays.clear();
  }
}
