import type { Queryable } from "../db.ts";

/** An explicit subscription as recovery looks at it. */
export interface RecoverySubscription {
  id: number;
  topic: string;
  name: string;
  ackTimeoutSeconds: number;
  ratePerSecond: number | null;
  maxInFlight: number;
  /** It or its topic is paused: nothing is given out. */
  paused: boolean;
  /** Its valve has a row, and says so; null: nothing was ever delivered again. */
  valveState: string | null;
  /** How long until its next deadline, ms; null: nothing is with its consumers. */
  deadlineInMs: number | null;
  /** How long until its next redelivery is due, ms; null: none waits. */
  redeliveryInMs: number | null;
}

/** Two probes of the index for each; there are as many as somebody declared: hundreds, not millions. */
export async function readRecoverySchedule(db: Queryable): Promise<RecoverySubscription[]> {
  const inMs = (due: string) => `(extract(epoch FROM ${due} - now()) * 1000)::float8`;
  const next = (state: string) => `(
    SELECT d.due_at FROM delivery d
    WHERE d.subscription_id = x.id AND d.state = '${state}' AND d.due_at IS NOT NULL
    ORDER BY d.subscription_id, d.state, d.due_at LIMIT 1)`;
  const { rows } = await db.query<RecoverySubscription>({
    name: "read-recovery-schedule",
    text: `SELECT x.id, t.name AS topic, x.name, x.ack_timeout_seconds AS "ackTimeoutSeconds",
             x.rate_per_second AS "ratePerSecond", x.max_in_flight AS "maxInFlight",
             x.paused_at IS NOT NULL OR t.paused_at IS NOT NULL AS paused, v.state AS "valveState",
             ${inMs(next("PENDING"))} AS "deadlineInMs", ${inMs(next("WAITING"))} AS "redeliveryInMs"
           FROM subscription x JOIN topic t ON t.id = x.topic_id
           LEFT JOIN subscription_valve v ON v.subscription_id = x.id
           WHERE x.ack = 'explicit' AND x.removed_at IS NULL`,
    values: [],
  });
  return rows;
}
