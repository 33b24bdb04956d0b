/**
 * Part of the statement that marks a batch: resends the broker has committed leave the queue, and say so with their
 * message. The event comes from the deleted row, so that it is noted once however often a marker is read.
 *
 * @param p parameters of three arrays: resend ids, partitions, offsets
 */
export function resentCtes(p: { ids: string; partitions: string; offsets: string }): string {
  return `, resent AS (
    DELETE FROM resend r
    USING held CROSS JOIN unnest(${p.ids}::uuid[], ${p.partitions}::int[], ${p.offsets}::bigint[]) AS sent(id, partition, broker_offset)
    WHERE r.id = sent.id
    RETURNING r.message_id, r.attempt, r.asked_by, r.kind, sent.partition, sent.broker_offset
  ), noted AS (
    INSERT INTO message_event (message_id, kind, actor, detail)
    SELECT message_id, 'resend_sent', 'relay', jsonb_build_object('attempt', attempt, 'partition', partition,
             'offset', broker_offset::text, 'askedBy', asked_by)
    FROM resent
  )`;
}
