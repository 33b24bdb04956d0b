import { setTimeout as sleep } from "node:timers/promises";
import { type Fault, faults } from "../faults.ts";

type Range = [number, number];

/** kill -9 of a process of that kind, and its start a while later. */
const killOf = (kind: string, every: Range): Fault => ({
  every,
  run: async (_, fleet) => {
    const process = fleet.any(kind);
    if (process) await fleet.kill(process);
    return process !== undefined;
  },
});

/** SIGSTOP of a process of that kind, for longer than anybody waits for it, then SIGCONT. */
const sleepOf = (kind: string, every: Range): Fault => ({
  every,
  run: async (_, fleet) => {
    const process = fleet.any(kind);
    if (process) await fleet.sleepwalk(process, false);
    return process !== undefined;
  },
});

/** What is done to the whole system while it works. @param pace 1: as in a long run; less: more often */
export function wholeFaults(pace: number): Record<string, Fault> {
  const every = (from: number, to: number): Range => [from * 1000 * pace, to * 1000 * pace];
  return {
    producer: killOf("producer", every(8, 20)),
    api: killOf("api", every(12, 30)),
    relay: {
      every: every(8, 20),
      run: async (_, fleet) => {
        const relay = fleet.any("relay");
        if (relay) await fleet.kill(relay, Math.random() < 0.6 ? "kill" : undefined);
        return relay !== undefined;
      },
    },
    "relay committed": {
      every: every(10, 30),
      run: async (_, fleet) => {
        const relay = fleet.any("relay");
        if (relay) await fleet.kill(relay, "kill-committed");
        return relay !== undefined;
      },
    },
    confirm: killOf("confirm", every(10, 25)),
    recover: killOf("recover", every(6, 15)),
    ack: killOf("ack", every(8, 20)),
    notify: killOf("notify", every(8, 20)),
    consumers: killOf("consumers", every(6, 15)),
    receiver: killOf("receiver", every(10, 25)),
    "relay sleeps": sleepOf("relay", every(20, 50)),
    "recover sleeps": sleepOf("recover", every(20, 50)),
    "ack sleeps": sleepOf("ack", every(20, 50)),
    "notify sleeps": sleepOf("notify", every(20, 50)),
    "consumers sleep": sleepOf("consumers", every(20, 50)),
    postgres: { ...faults.postgres, every: every(25, 60) },
    broker: {
      every: every(30, 70),
      run: async ({ cluster }) => {
        const node = cluster.nodes[Math.floor(Math.random() * cluster.nodes.length)]!;
        await node.kill();
        await sleep(100 + Math.random() * 1500);
        await node.start();
        return true;
      },
    },
  };
}
