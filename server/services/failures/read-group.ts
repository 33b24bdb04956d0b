import type { Queryable } from "../../db.ts";
import { fingerprintError, type Taken } from "../../domain/fingerprint-error.ts";
import { SurelayError } from "../../errors.ts";
import {
  type FailureGroupRow,
  type FailurePoint,
  readFailureGroup,
  readFailureSeries,
} from "../../store/failure-groups.ts";
import { type CountedDeliveries, countDeliveries } from "../deliveries/count-deliveries.ts";
import { ANY_DELIVERY } from "../../domain/delivery-scope.ts";

/** How long a chart goes back, and in which stretches. */
export const FAILURE_CHARTS = {
  hour: { minutes: 60, stepMinutes: 1 },
  day: { minutes: 1440, stepMinutes: 15 },
  week: { minutes: 10_080, stepMinutes: 120 },
} as const;
export type FailureChart = keyof typeof FAILURE_CHARTS;

export interface FailureGroupDetail extends FailureGroupRow {
  series: FailurePoint[];
  /** What was taken out of the latest message: why it is one group with the others. */
  taken: Taken[];
  /** Deliveries that failed last as this group says, capped. */
  dead: CountedDeliveries;
  waiting: CountedDeliveries;
}

/** @throws SurelayError `not_found` */
export async function readGroup(db: Queryable, id: string, chart: FailureChart): Promise<FailureGroupDetail> {
  const row = await readFailureGroup(db, id);
  if (row === null) throw new SurelayError("not_found", "There is no such group of failures.");
  const [series, dead, waiting] = await Promise.all([
    readFailureSeries(db, [id], FAILURE_CHARTS[chart]),
    countDeliveries(db, { ...ANY_DELIVERY, groupId: id, states: ["DEAD"] }),
    countDeliveries(db, { ...ANY_DELIVERY, groupId: id, states: ["WAITING"] }),
  ]);
  const { taken } = fingerprintError({ type: row.errorType, message: row.sample });
  return { ...row, series: series.get(id) ?? [], taken, dead, waiting };
}
