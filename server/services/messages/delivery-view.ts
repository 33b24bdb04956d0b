import type { DeliveryAttempt, MessageDelivery } from "../../../sdk/contract/deliveries.ts";
import type { DeliveryAttemptRow, DeliveryHistory } from "../../store/read-deliveries.ts";

/** Attempts of one delivery that are shown. */
export const MOST_ATTEMPTS = 100;

const time = (at: Date | null): string | null => at?.toISOString() ?? null;

/** A delivery as the contract shows it to the message's producer. Who an operator was is not told. */
export function toDeliveryView(row: DeliveryHistory): MessageDelivery {
  return {
    subscription: row.subscription,
    ack: row.ack as MessageDelivery["ack"],
    state: row.state,
    attempt: row.attempt,
    createdAt: row.createdAt.toISOString(),
    movedAt: row.movedAt.toISOString(),
    dueAt: time(row.dueAt),
    reason: row.reason,
    attempts: row.attempts.map(toAttemptView),
  };
}

const BY_OPERATOR: readonly string[] = ["redriven", "discarded", "retried_now"];
const PROCESSES: readonly string[] = ["relay", "recover", "notify", "sweep", "consumer"];

function toAttemptView(row: DeliveryAttemptRow): DeliveryAttempt {
  const byOperator = BY_OPERATOR.includes(row.kind) && !PROCESSES.includes(row.by);
  return {
    at: row.at.toISOString(),
    attempt: row.attempt,
    kind: row.kind,
    by: byOperator ? "operator" : row.by,
    error: row.errorType === null ? null : { type: row.errorType, message: row.errorMessage },
    status: row.status,
    durationMs: row.durationMs,
    retryAt: time(row.retryAt),
    broker:
      row.brokerPartition === null ? null : { partition: row.brokerPartition, offset: row.brokerOffset },
    reason: row.reason,
  };
}
