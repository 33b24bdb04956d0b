import { ACK_DEADLINE } from "../domain/ack-deadline.ts";

const ms = (value: number): string => `interval '${value} ms'`;

/**
 * `nextLook` of server/domain/ack-deadline.ts in SQL, which it must agree with (tested).
 *
 * @param of aliases: `d` of a PENDING delivery, `r` of its record's place (`broker_offset`), `g` of its group's row of
 * group_progress, null if it is not known; `timeout`: SQL of the acknowledgement's time
 */
export function nextLook({ d, r, g, timeout }: Record<"d" | "r" | "g" | "timeout", string>): string {
  const seenPassing = `(SELECT min(seen.at) FROM unnest(${g}.trail_at, ${g}.trail_offset) AS seen(at, committed)
        WHERE seen.committed > ${r}.broker_offset)`;
  return `CASE
      WHEN ${r}.broker_offset IS NULL OR ${g}.seen_at IS NULL OR ${g}.seen_at <= now() - ${ms(ACK_DEADLINE.knownForMs)}
        OR ${r}.broker_offset >= ${g}.end_offset AND ${g}.seen_at > ${d}.moved_at + ${ms(ACK_DEADLINE.endLagMs)}
        THEN ${d}.due_at
      WHEN ${r}.broker_offset < ${g}.committed
        THEN greatest(${d}.moved_at, least(${g}.moved_at, ${seenPassing})) + ${timeout}
      WHEN (${g}.committed IS NULL OR ${r}.broker_offset <= ${g}.head_offset) AND ${g}.attended_at IS NOT NULL
        THEN greatest(${d}.moved_at, ${g}.moved_at, ${g}.attended_at) + ${timeout}
      ELSE now() + greatest(${timeout}, least(now() - ${d}.moved_at, ${ms(ACK_DEADLINE.mostHeldMs)}))
    END`;
}
