import { CONSUMER_KINDS, NEEDED_KINDS, type NeededKind } from "./health-snapshot.ts";

/** Kinds of process that an installation cannot do without, as it is used. @param subscriptions those declared */
export function neededKinds(subscriptions: readonly { ack: string }[]): NeededKind[] {
  const kinds = Object.entries(CONSUMER_KINDS) as [keyof typeof CONSUMER_KINDS, readonly string[]][];
  const used = kinds.filter(([, modes]) => subscriptions.some(({ ack }) => modes.includes(ack)));
  return [...NEEDED_KINDS, ...used.map(([kind]) => kind)];
}
