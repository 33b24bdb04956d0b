import type { MessageState } from "../../domain/message-state.ts";
import type { Backlog } from "../../store/read-flow.ts";
import type { Intake } from "../../store/registry-flow.ts";

/** What waits of one app or topic in one state. */
export interface Waiting {
  count: number;
  /** Beginning of the minute in which the oldest of them came into the state. */
  oldest: Date;
}

/** What goes through one app or topic. */
export interface Flow {
  /** Messages stored per second, over the last five whole minutes. */
  rate: number;
  /** States in which nothing waits are absent. */
  waiting: Partial<Record<MessageState, Waiting>>;
}

/** Adds the counters up by app or by topic. Whoever is absent has had nothing. Pure. */
export function sumFlow(
  by: "appId" | "topicId",
  intake: readonly Intake[],
  backlogs: readonly Backlog[],
): Map<number, Flow> {
  const flows = new Map<number, Flow>();
  const flowOf = (id: number): Flow => {
    const known = flows.get(id) ?? { rate: 0, waiting: {} };
    flows.set(id, known);
    return known;
  };
  for (const part of intake) flowOf(part[by]).rate += part.lastFive / 300;
  for (const { state, count, oldestMinute, ...ids } of backlogs) {
    const { waiting } = flowOf(ids[by]);
    const before = waiting[state];
    waiting[state] = {
      count: (before?.count ?? 0) + count,
      oldest: before !== undefined && before.oldest < oldestMinute ? before.oldest : oldestMinute,
    };
  }
  return flows;
}

export const NO_FLOW: Flow = { rate: 0, waiting: {} };
