-- Counters of what comes into and goes out of each state, kept by the statements that move messages: an overview reads
-- backlogs, ages and rates from them in milliseconds, however many messages are stored.

-- When a message came into its state, where no other column tells: give_up, come_due, reject and resend set it. The
-- moment is greatest(stored_at, decided_at, moved_at) in every waiting state. A confirm leaves it standing, so that the
-- row tells afterwards whether it was PREPARED (null) or UNDECIDED before.
ALTER TABLE message_state ADD COLUMN moved_at timestamptz(3);
UPDATE message_state SET moved_at = greatest(stored_at, decided_at) WHERE state = 'UNDECIDED';
ALTER TABLE message_state
  ADD CONSTRAINT prepared_not_moved CHECK (state <> 'PREPARED' OR moved_at IS NULL),
  ADD CONSTRAINT undecided_has_time CHECK (state <> 'UNDECIDED' OR moved_at IS NOT NULL);

-- A cohort: the messages of one app and topic that came into a state in one minute. Spread over slots, so that two
-- writers rarely wait for each other's row; slot -1 is what the sweep has added up. No index but the key: updates are HOT.
CREATE TABLE message_flow (
  minute   timestamptz(3) NOT NULL,
  state    message_state_kind NOT NULL,
  app_id   integer NOT NULL,
  topic_id integer NOT NULL,
  slot     smallint NOT NULL,
  entered  integer NOT NULL DEFAULT 0,
  stored   integer NOT NULL DEFAULT 0,
  departed integer NOT NULL DEFAULT 0,
  PRIMARY KEY (minute, state, app_id, topic_id, slot)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
        autovacuum_vacuum_cost_delay = 0);

-- Cohorts that nobody will depart from any more: settled ones, and those of states that are not waited in.
CREATE TABLE message_flow_history (
  minute   timestamptz(3) NOT NULL,
  state    message_state_kind NOT NULL,
  app_id   integer NOT NULL,
  topic_id integer NOT NULL,
  entered  integer NOT NULL,
  stored   integer NOT NULL,
  PRIMARY KEY (minute, state, app_id, topic_id)
) WITH (autovacuum_vacuum_scale_factor = 0.05);

-- What is stored already. The ALTER above keeps writers out until this transaction ends, so the counts are exact.
INSERT INTO message_flow (minute, state, app_id, topic_id, slot, entered, stored)
SELECT date_bin('1 minute', greatest(stored_at, decided_at, moved_at), timestamptz 'epoch'), state, app_id, topic_id, -1,
       count(*), count(*) FILTER (WHERE state = 'PREPARED' OR decided_at = stored_at)
FROM message_state
WHERE state IN ('PREPARED', 'UNDECIDED', 'SCHEDULED', 'READY', 'REJECTED')
GROUP BY 1, 2, 3, 4;

-- The last week's charts, from the times in the rows. A message that was prepared and moved on has been in PREPARED; one
-- that was sent or rejected has been in READY.
INSERT INTO message_flow_history (minute, state, app_id, topic_id, entered, stored)
SELECT date_bin('1 minute', step.at, timestamptz 'epoch'), step.state, s.app_id, s.topic_id, count(*),
       count(*) FILTER (WHERE step.first)
FROM message_state s CROSS JOIN LATERAL (VALUES
  ('PREPARED'::message_state_kind, s.stored_at, s.state <> 'PREPARED' AND s.decided_at IS DISTINCT FROM s.stored_at, true),
  ('READY', greatest(s.decided_at, s.stored_at), s.state IN ('SENT', 'CONSUMED', 'REJECTED'), s.decided_at = s.stored_at),
  ('SENT', s.sent_at, s.state IN ('SENT', 'CONSUMED'), false),
  ('CANCELLED', s.decided_at, s.state = 'CANCELLED', false)
) AS step(state, at, passed, first)
WHERE step.passed AND s.id >= surelay_uuid_floor(now() - interval '7 days')
GROUP BY 1, 2, 3, 4;
