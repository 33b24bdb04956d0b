import { HEALTH_LIMITS, type HealthSnapshot, type Problem } from "./health-snapshot.ts";

type Subscription = HealthSnapshot["subscriptions"][number];

/**
 * What of the subscriptions is a problem: each has one reason at most why nothing is delivered again, and a group
 * that does not read and its dead letters beside it, which wait for somebody whatever else there is. Pure.
 */
export function judgeSubscriptions({ at, subscriptions }: HealthSnapshot): Problem[] {
  return subscriptions.flatMap((subscription) => [
    ...held(subscription),
    ...stands(at, subscription),
    ...dead(subscription),
  ]);
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

/** What it does not read is not late, so nothing else would ever tell. */
function stands(at: Date, { topic, name, paused, standstill }: Subscription): Problem[] {
  if (standstill === null || paused !== null) return [];
  const { group, since, attended, records, ackTimeoutMs } = standstill;
  if (at.getTime() - since.getTime() <= Math.max(HEALTH_LIMITS.standstillMs, 2 * ackTimeoutMs)) return [];
  return [
    {
      kind: "group_stands",
      topic,
      subscription: name,
      group,
      attended,
      count: records,
      atLeast: false,
      severity: "waiting",
      turn: "consumer",
      since,
    },
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
