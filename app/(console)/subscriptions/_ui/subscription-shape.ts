import type { inferRouterOutputs } from "@trpc/server";
import { TRACKED_ACK_MODES } from "@/server/domain/delivery-state.ts";
import type { SubscriptionSpec } from "@/server/domain/subscription.ts";
import type { AppRouter } from "@/server/trpc/router.ts";

type Outputs = inferRouterOutputs<AppRouter>["subscriptions"];

export type SubscriptionRow = Outputs["list"][number];
export type SubscriptionDetail = Outputs["read"];

/** As addresses name it. */
export const keyOf = ({ topic, name }: Pick<SubscriptionSpec, "topic" | "name">) => `${topic}/${name}`;

export const hrefOf = ({ topic, name }: Pick<SubscriptionSpec, "topic" | "name">) =>
  `/subscriptions/${encodeURIComponent(topic)}/${encodeURIComponent(name)}`;

/** It has a delivery for each message. */
export function isTracked({ ack }: Pick<SubscriptionSpec, "ack">): boolean {
  return (TRACKED_ACK_MODES as readonly string[]).includes(ack);
}

/** Of anything that holds a declaration, the declaration alone. */
export function specOf(from: SubscriptionSpec): SubscriptionSpec {
  const { topic, name, ack, app, groupId, ordered, ackTimeoutSeconds, retry, deadLetterTopic, webhook } =
    from;
  return { topic, name, ack, app, groupId, ordered, ackTimeoutSeconds, retry, deadLetterTopic, webhook };
}

/** Since when something of it waits to be acknowledged or delivered again, to the minute; dead letters apart. */
export function oldestOf({ waiting }: Pick<SubscriptionRow, "waiting">): Date | null {
  const { PENDING, WAITING } = waiting;
  const times = [PENDING, WAITING].flatMap((one) => (one === null ? [] : one.oldest.getTime()));
  return times.length === 0 ? null : new Date(Math.min(...times));
}

/** A declaration as a request carries it: its own list, which a form may go on changing. */
export function declarationOf(spec: SubscriptionSpec) {
  return { ...spec, retry: { ...spec.retry, ladderSeconds: [...spec.retry.ladderSeconds] } };
}
