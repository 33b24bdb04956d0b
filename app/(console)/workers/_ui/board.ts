import type { inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "@/server/trpc/router.ts";

export type Board = inferRouterOutputs<AppRouter>["workers"]["board"];
export type Instance = Board["instances"][number];
export type BoardLane = Board["lanes"][number];

/** Kinds of process in the order of a message's way; a kind that is none of them comes last. */
export const KINDS = [
  "api",
  "collect",
  "relay",
  "confirm",
  "notify",
  "recover",
  "ack",
  "sweep",
  "console",
] as const;
export type Kind = (typeof KINDS)[number];

export const isKind = (kind: string): kind is Kind => KINDS.some((known) => known === kind);

export const isRunning = ({ heartbeat }: Instance): boolean => heartbeat === "alive" || heartbeat === "late";

/** Where a lane's owner stands on the page. */
export const anchorOf = (kind: string, name: string): string => `worker-${kind}-${name}`;

/** Running before ended, then by kind in the order of a message's way, then by name. */
export function inOrder(instances: readonly Instance[]): Instance[] {
  const rank = (i: Instance) => (isKind(i.kind) ? KINDS.indexOf(i.kind) : KINDS.length);
  return instances.toSorted(
    (a, b) =>
      Number(a.stoppedAt !== null) - Number(b.stoppedAt !== null) ||
      rank(a) - rank(b) ||
      a.name.localeCompare(b.name),
  );
}
