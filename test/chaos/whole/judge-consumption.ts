import type { DeliveryState } from "../../../server/domain/delivery-state.ts";
import type { Seen } from "../judge.ts";

/** A subscription, as far as the judge wants to know. */
export interface Tracked {
  name: string;
  topic: string;
  /** Has delivery rows: `explicit` and `webhook`. */
  tracked: boolean;
  /** Messages of a key take effect in the order of their records, at their first delivery. */
  inOrder: boolean;
  maxAttempts: number;
}

/** A message for a subscription. */
export interface For {
  id: string;
  subscription: string;
}

export interface Evidence {
  subscriptions: readonly Tracked[];
  /** Of the main topics, with their keys, in the order of offsets within each partition. */
  records: readonly (Seen & { key: string | null })[];
  /** Records of retry topics. */
  redeliveries: readonly (For & { attempt: number })[];
  /** Redeliveries that are written down as sent. */
  recorded: readonly (For & { attempt: number })[];
  /** Records of dead-letter topics. */
  deadLetters: readonly For[];
  /** What consumers did, in the order in which they did it. */
  effects: readonly (For & { key: string | null; attempt: number })[];
  /** What consumers without redelivery gave up. */
  refused: readonly For[];
  deliveries: readonly (For & { state: DeliveryState; attempt: number; drive: number; driveFrom: number })[];
  /** Whether nobody can succeed with it. */
  isDeadly: (one: For) => boolean;
}

export interface ConsumptionVerdict {
  /** Messages times the subscriptions they are for. */
  due: number;
  effects: number;
  /** Given up because no attempt could succeed. */
  dead: number;
  redeliveries: number;
  /** Sent, neither in effect nor dead for a reason. */
  lostInEffect: number;
  /** In effect more than once, or in effect and given up. */
  doubledInEffect: number;
  /** In effect without ever having been sent. */
  phantoms: number;
  effectsOutOfOrder: number;
  /** One attempt or one death that is told of twice in the broker. */
  redeliveredTwice: number;
  /** Redeliveries or deaths that are recorded, and not in the broker. */
  neverRedelivered: number;
  /** Redeliveries in the broker that are not recorded. */
  neverRecorded: number;
  beyondMaximum: number;
}

export function isConsumed(verdict: ConsumptionVerdict): boolean {
  const { lostInEffect, doubledInEffect, phantoms, effectsOutOfOrder } = verdict;
  const { redeliveredTwice, neverRedelivered, neverRecorded, beyondMaximum } = verdict;
  const effects = lostInEffect + doubledInEffect + phantoms + effectsOutOfOrder;
  return effects + redeliveredTwice + neverRedelivered + neverRecorded + beyondMaximum === 0;
}

/** Compares what was sent with what it did, message by message and subscription by subscription. Pure. */
export function judgeConsumption(evidence: Evidence): ConsumptionVerdict {
  const verdict: ConsumptionVerdict = {
    due: 0,
    effects: evidence.effects.length,
    dead: 0,
    redeliveries: evidence.redeliveries.length,
    lostInEffect: 0,
    doubledInEffect: 0,
    phantoms: 0,
    effectsOutOfOrder: 0,
    redeliveredTwice: 0,
    neverRedelivered: 0,
    neverRecorded: 0,
    beyondMaximum: 0,
  };
  judgeEffects(evidence, verdict);
  judgeOrder(evidence, verdict);
  judgeAttempts(evidence, verdict);
  return verdict;
}

const nameOf = ({ id, subscription }: For): string => `${id} ${subscription}`;

function countBy<T>(items: readonly T[], name: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(name(item), (counts.get(name(item)) ?? 0) + 1);
  return counts;
}

function judgeEffects(evidence: Evidence, verdict: ConsumptionVerdict): void {
  const effects = countBy(evidence.effects, nameOf);
  const refused = new Set(evidence.refused.map(nameOf));
  const states = new Map(evidence.deliveries.map((delivery) => [nameOf(delivery), delivery.state]));
  const due = new Set<string>();
  for (const { id, topic } of evidence.records)
    for (const { name, topic: of, tracked } of evidence.subscriptions) {
      const one = { id, subscription: name };
      if (of !== topic || due.has(nameOf(one))) continue;
      due.add(nameOf(one));
      const times = effects.get(nameOf(one)) ?? 0;
      const givenUp = tracked ? states.get(nameOf(one)) === "DEAD" : refused.has(nameOf(one));
      if (times > 1 || (times === 1 && givenUp)) verdict.doubledInEffect++;
      if (times > 0) continue;
      if (givenUp && evidence.isDeadly(one)) verdict.dead++;
      else verdict.lostInEffect++;
    }
  verdict.due = due.size;
  for (const name of effects.keys()) if (!due.has(name)) verdict.phantoms++;
}

/**
 * Of each key: what took effect at its first delivery, against the records. What was delivered again may come late, which
 * `ordered` promises nothing about when a consumer was away for longer than the acknowledgement's deadline.
 */
function judgeOrder({ subscriptions, records, effects }: Evidence, verdict: ConsumptionVerdict): void {
  const places = new Map<string, number>();
  for (const [place, { id }] of records.entries()) if (!places.has(id)) places.set(id, place);
  const inOrder = new Set(subscriptions.filter((one) => one.inOrder).map(({ name }) => name));
  const last = new Map<string, number>();
  for (const { id, subscription, key, attempt } of effects) {
    const place = places.get(id);
    if (!inOrder.has(subscription) || key === null || attempt > 1 || place === undefined) continue;
    const name = `${subscription} ${key}`;
    if (place < (last.get(name) ?? -1)) verdict.effectsOutOfOrder++;
    else last.set(name, place);
  }
}

function judgeAttempts(evidence: Evidence, verdict: ConsumptionVerdict): void {
  const redeliveries = countBy(evidence.redeliveries, (one) => `${nameOf(one)} ${one.attempt}`);
  for (const times of redeliveries.values()) verdict.redeliveredTwice += times - 1;
  // Not the delivery's own count: a consumer may have answered an attempt that it saw of a transaction that was aborted.
  const recorded = new Set(evidence.recorded.map((one) => `${nameOf(one)} ${one.attempt}`));
  for (const one of recorded) if (!redeliveries.has(one)) verdict.neverRedelivered++;
  for (const one of redeliveries.keys()) if (!recorded.has(one)) verdict.neverRecorded++;
  const highest = new Map<string, number>();
  for (const one of evidence.redeliveries)
    highest.set(nameOf(one), Math.max(one.attempt, highest.get(nameOf(one)) ?? 1));
  const letters = countBy(evidence.deadLetters, nameOf);
  const subscriptions = new Map(evidence.subscriptions.map((one) => [one.name, one]));
  for (const delivery of evidence.deliveries) {
    const { maxAttempts } = subscriptions.get(delivery.subscription)!;
    const { state, attempt, drive, driveFrom } = delivery;
    const most = drive === 0 ? maxAttempts : driveFrom + maxAttempts;
    if (Math.max(attempt, highest.get(nameOf(delivery)) ?? 1) > most) verdict.beyondMaximum++;
    if (driveFrom > drive * maxAttempts) verdict.beyondMaximum++;
    // Each death has one letter; whoever was redriven may have died before.
    const told = letters.get(nameOf(delivery)) ?? 0;
    if (state === "DEAD" && told === 0) verdict.neverRedelivered++;
    if (told > drive + 1) verdict.redeliveredTwice += told - drive - 1;
  }
}
