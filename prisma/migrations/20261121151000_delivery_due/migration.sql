-- Deadlines and redeliveries are two queues of a subscription. With one index for both, a look for missed deadlines would
-- walk over every redelivery that is due and held: a paused subscription may have a hundred thousand of them.
DROP INDEX delivery_due_idx;
CREATE INDEX delivery_due_idx ON delivery (subscription_id, state, due_at)
  WHERE state IN ('PENDING', 'WAITING') AND due_at IS NOT NULL;

-- What failed, by subscription: lists and bulk actions walk down it by age.
DROP INDEX delivery_dead_idx;
CREATE INDEX delivery_failed_idx ON delivery (subscription_id, state, message_id) WHERE state IN ('WAITING', 'DEAD');

-- Redeliveries that are out: what a subscription's cap on them counts. Empty while every first attempt succeeds.
CREATE INDEX delivery_redelivered_idx ON delivery (subscription_id) WHERE state = 'PENDING' AND attempt > 1;
CREATE INDEX resend_redelivery_idx ON resend (subscription_id) WHERE kind = 'redelivery';

-- What had been counted of the minute in which the valve came into its state: only what failed and succeeded since then
-- says whether it shall move again.
ALTER TABLE subscription_valve
  ADD COLUMN seen_minute    timestamptz(3),
  ADD COLUMN seen_failed    integer NOT NULL DEFAULT 0,
  ADD COLUMN seen_succeeded integer NOT NULL DEFAULT 0;
