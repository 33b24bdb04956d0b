import { setTimeout as sleep } from "node:timers/promises";
import type { Fleet } from "./fleet.ts";
import { moveLeaders } from "./move-leaders.ts";
import type { ChaosSite } from "./site.ts";

export const FAULTS = ["kill", "committed", "zombie", "broker", "postgres", "join", "leaders"] as const;
export type FaultName = (typeof FAULTS)[number];

export interface Fault {
  /** Pause between two of them, ms, from and to. */
  every: [number, number];
  /** @returns whether it happened */
  run(site: ChaosSite, fleet: Fleet): Promise<boolean>;
}

/** What is done to the system while it works. */
export const faults: Record<FaultName, Fault> = {
  /** kill -9 of a relay, most of them between two steps of a transaction. */
  kill: {
    every: [800, 3000],
    run: async (_, fleet) => {
      const relay = fleet.any();
      if (relay) await fleet.kill(relay, Math.random() < 0.6 ? "kill" : undefined);
      return relay !== undefined;
    },
  },
  /** kill -9 of a relay when the broker has committed its batch and the database does not know of it yet. */
  committed: {
    every: [1500, 5000],
    run: async (_, fleet) => {
      const relay = fleet.any();
      if (relay) await fleet.kill(relay, "kill-committed");
      return relay !== undefined;
    },
  },
  /** SIGSTOP of a relay for longer than its lease, then SIGCONT. */
  zombie: {
    every: [1000, 4000],
    run: async (_, fleet) => {
      const relay = fleet.any();
      if (relay) await fleet.sleepwalk(relay, Math.random() < 0.6);
      return relay !== undefined;
    },
  },
  /** kill -9 of one broker, and its start a while later. */
  broker: {
    every: [6000, 15_000],
    run: async ({ cluster }) => {
      const node = cluster.nodes[Math.floor(Math.random() * cluster.nodes.length)]!;
      await node.kill();
      await sleep(100 + Math.random() * (cluster.nodes.length > 1 ? 7000 : 1500));
      await node.start();
      await sleep(2000); // so that two are not down at once for long: with two of three replicas gone nothing can move
      return true;
    },
  },
  /** kill -9 of PostgreSQL with all its sessions, and its recovery. */
  postgres: {
    every: [8000, 20_000],
    run: async (site) => {
      await site.restartPostgres();
      return true;
    },
  },
  /** Another relay joins, works, and leaves in order. */
  join: {
    every: [1000, 5000],
    run: async (_, fleet) => {
      await fleet.start("visitor");
      await sleep(3000 + Math.random() * 5000);
      await fleet.leave("visitor");
      return true;
    },
  },
  /** Leaders of data, progress and coordinator partitions move; with one broker there is nowhere to move to. */
  leaders: {
    every: [1000, 3000],
    run: (site) =>
      moveLeaders(site.cluster, [
        ...site.topics.map((topic) => ({ topic, partitions: 6, share: 0.5 })),
        { topic: "surelay.relay.progress", partitions: 4, share: 0.5 },
        { topic: "__transaction_state", partitions: 4, share: 0.15 },
      ]),
  },
};

/** The same more often, if `pace` is less than 1. */
export function quickened(fault: Fault, pace: number): Fault {
  const [from, to] = fault.every;
  return { ...fault, every: [from * pace, to * pace] };
}

/** Does it now and then until the deadline. @param counts how often it happened, by name */
export async function inflict(
  name: string,
  fault: Fault,
  { site, fleet, deadline }: { site: ChaosSite; fleet: Fleet; deadline: number },
  counts: Record<string, number>,
): Promise<void> {
  const [from, to] = fault.every;
  for (;;) {
    await sleep(from + Math.random() * (to - from));
    if (performance.now() >= deadline) return;
    if (await fault.run(site, fleet)) counts[name] = (counts[name] ?? 0) + 1;
  }
}
