import type { Pool } from "../../db.ts";
import { type FlowPoint, readFlowSeries } from "../../store/read-flow.ts";
import { SharedReading } from "./shared-reading.ts";

/** Stretches that can be drawn, and how finely: at most 288 points each. */
export const FLOW_SPANS = {
  hour: { minutes: 60, stepMinutes: 1 },
  day: { minutes: 24 * 60, stepMinutes: 5 },
  week: { minutes: 7 * 24 * 60, stepMinutes: 60 },
} as const;
export type FlowSpan = keyof typeof FLOW_SPANS;

export interface FlowSeries {
  stepMinutes: number;
  /** Oldest first, without gaps. The last stretch is still going on. */
  points: FlowPoint[];
}

/** How old an answer may be, ms: a fraction of what one point stands for. */
const LIFETIME_MS: Record<FlowSpan, number> = { hour: 2000, day: 10_000, week: 60_000 };
const readings = new WeakMap<Pool, Map<FlowSpan, SharedReading<FlowSeries>>>();

/** Messages stored, sent, cancelled and rejected over the last hour, day or week; shared by all who ask. */
export function readSeries(db: Pool, span: FlowSpan): Promise<FlowSeries> {
  const ofPool = readings.get(db) ?? new Map<FlowSpan, SharedReading<FlowSeries>>();
  readings.set(db, ofPool);
  const shared =
    ofPool.get(span) ??
    new SharedReading(LIFETIME_MS[span], async () => ({
      stepMinutes: FLOW_SPANS[span].stepMinutes,
      points: await readFlowSeries(db, FLOW_SPANS[span]),
    }));
  ofPool.set(span, shared);
  return shared.get();
}
