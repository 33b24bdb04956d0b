import type { HealthSnapshot, Problem } from "./health-snapshot.ts";

type Subscription = HealthSnapshot["subscriptions"][number];

/**
 * What of the subscriptions is a problem: each has one reason at most why nothing is delivered again, and its dead letters
 * beside it, which wait for an operator whatever else there is. Pure.
 */
export function judgeSubscriptions({ subscriptions }: HealthSnapshot): Problem[] {
  return subscriptions.flatMap((subscription) => [...held(subscription), ...dead(subscription)]);
}

function held(subscription: Subscription): Problem[] {
  const { topic, name, paused, fault, disabled, throttled, waiting } = subscription;
  const common = { topic, subscription: name, count: waiting, atLeast: false };
  if (paused !== null) {
    const { by, since, reason } = paused;
    return [
      { kind: "subscription_paused", ...common, by, reason, severity: "notice", turn: "operator", since },
    ];
  }
  if (fault !== null) {
    const { topic: ownTopic, code, since } = fault;
    const why = { ownTopic, code, since };
    return [{ kind: "subscription_fault", ...common, ...why, severity: "stopped", turn: "broker" }];
  }
  if (disabled !== null) {
    const { since, reason } = disabled;
    return [
      { kind: "subscription_disabled", ...common, reason, severity: "stopped", turn: "consumer", since },
    ];
  }
  if (throttled === null) return [];
  const { since, lastError } = throttled;
  return [
    { kind: "subscription_throttled", ...common, lastError, severity: "waiting", turn: "consumer", since },
  ];
}

function dead({ topic, name, dead }: Subscription): Problem[] {
  if (dead === null) return [];
  return [
    {
      kind: "dead_letters",
      topic,
      subscription: name,
      count: dead.count,
      atLeast: false,
      severity: "waiting",
      turn: "operator",
      since: dead.since,
    },
  ];
}
