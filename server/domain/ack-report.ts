/** What a process that reads acknowledgements from Kafka has passed over, as the console shows it. */
export interface AckReport {
  /** Acknowledgements that were applied since the process began. */
  applied: number;
  /** Records that are no acknowledgement. */
  poison: number;
  /** Acknowledgements of what there is not, or of what is not acknowledged this way. */
  refused: number;
  /** The last one that was passed over. */
  lastRefused: RefusedAckReport | null;
}

export interface RefusedAckReport {
  /** RFC 3339. */
  at: string;
  partition: number;
  offset: string;
  code: string;
  detail: string;
}

/** Part of the `detail` of an `ack`, which is written by whatever version runs there: null is what does not look like it. */
export function ackReportOf(detail: unknown): AckReport | null {
  const told = (detail as { topic?: Partial<AckReport> } | null)?.topic;
  if (told === null || typeof told !== "object") return null;
  const { applied, poison, refused, lastRefused } = told;
  if (typeof applied !== "number" || typeof poison !== "number" || typeof refused !== "number") return null;
  return { applied, poison, refused, lastRefused: isRefusedAck(lastRefused) ? lastRefused : null };
}

function isRefusedAck(value: unknown): value is RefusedAckReport {
  const { at, partition, offset, code, detail } = (value ?? {}) as Partial<RefusedAckReport>;
  const texts = [at, offset, code, detail];
  return texts.every((text) => typeof text === "string") && typeof partition === "number";
}
