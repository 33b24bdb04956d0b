-- What an operator tells the relay and the other workers: send this again, pause here, quiet, stop.

-- How often a number for surelay-attempt was given out for this message; what is READY is sent with this one.
ALTER TABLE message_state ADD COLUMN attempt smallint NOT NULL DEFAULT 1;

-- What goes into the broker once more. The relay takes these rows along in a lane's own transactions, merged by `seq` with
-- what is READY; the row is deleted in the statement that learns of the broker's commit. Almost always empty.
CREATE TABLE resend (
  id         uuid PRIMARY KEY,
  seq        bigint NOT NULL,
  message_id uuid NOT NULL,
  app_id     integer NOT NULL,
  topic_id   integer NOT NULL,
  asked_at   timestamptz(3) NOT NULL DEFAULT now(),
  held_at    timestamptz(3),
  lane       smallint NOT NULL,
  attempt    smallint NOT NULL,
  kind       text NOT NULL,
  asked_by   text NOT NULL,
  reason     text,
  CONSTRAINT resend_kind CHECK (kind IN ('operator', 'redelivery', 'dead_letter')),
  CONSTRAINT resend_attempt CHECK (attempt > 1)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);
CREATE INDEX resend_ready_idx ON resend (lane, seq) WHERE held_at IS NULL;
CREATE INDEX resend_held_idx ON resend (lane, topic_id, seq) WHERE held_at IS NOT NULL;
-- Asking twice before the first is sent is a mistake, not a wish.
CREATE UNIQUE INDEX resend_operator_key ON resend (message_id) WHERE kind = 'operator';

-- A paused lane keeps its owner and sends nothing; a paused topic's READY messages are parked like a faulty topic's.
ALTER TABLE lane
  ADD COLUMN paused_at timestamptz(3),
  ADD COLUMN paused_by text,
  ADD COLUMN pause_reason text,
  ADD CONSTRAINT lane_pause CHECK ((paused_at IS NULL) = (paused_by IS NULL));
ALTER TABLE topic
  ADD COLUMN paused_at timestamptz(3),
  ADD COLUMN paused_by text,
  ADD COLUMN pause_reason text,
  ADD CONSTRAINT topic_pause CHECK ((paused_at IS NULL) = (paused_by IS NULL));

-- `wanted` is what an operator asked of the process that runs now, `mode` what it says it does.
ALTER TABLE worker_instance
  ADD COLUMN heartbeat_ms integer NOT NULL DEFAULT 5000 CHECK (heartbeat_ms > 0),
  ADD COLUMN mode text NOT NULL DEFAULT 'run' CHECK (mode IN ('run', 'quiet', 'stopping')),
  ADD COLUMN wanted text NOT NULL DEFAULT 'run' CHECK (wanted IN ('run', 'quiet', 'stop')),
  ADD COLUMN wanted_by text,
  ADD COLUMN wanted_at timestamptz(3);
