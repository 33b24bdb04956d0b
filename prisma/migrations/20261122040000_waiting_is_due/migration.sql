-- Earlier versions could leave a delivery waiting, without a due time, for a redelivery that had left the queue or that it
-- has had: it waited for ever. Such a one is due. Found among what is WAITING, by delivery_failed_idx.
UPDATE delivery d SET due_at = date_trunc('milliseconds', now())
FROM subscription x
WHERE x.ack = 'explicit' AND d.subscription_id = x.id AND d.state = 'WAITING' AND d.due_at IS NULL AND NOT EXISTS (
  SELECT FROM resend r
  WHERE r.message_id = d.message_id AND r.subscription_id = d.subscription_id AND r.kind = 'redelivery'
    AND r.attempt > d.attempt);
