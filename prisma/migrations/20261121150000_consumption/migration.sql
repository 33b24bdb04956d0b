-- What becomes of a message at its consumers: subscriptions, one delivery per message and tracked subscription, its
-- attempts, and why deliveries fail.

-- How redelivery is done is a topic of its own in the broker, which the relay writes as it writes any other: held while it
-- is missing, visibly. Intake never stores messages for it.
ALTER TABLE topic ADD COLUMN kind text NOT NULL DEFAULT 'main',
  ADD CONSTRAINT topic_kind CHECK (kind IN ('main', 'retry', 'dead_letter'));

-- One consumer group's interest in a topic. `app_id`: whose keys may acknowledge and read its deliveries; null: any key
-- with the scope `consume`. A subscription that was removed keeps its row for the deliveries that name it.
CREATE TABLE subscription (
  id                    serial PRIMARY KEY,
  topic_id              integer NOT NULL REFERENCES topic (id) ON UPDATE CASCADE ON DELETE RESTRICT,
  app_id                integer REFERENCES app (id) ON UPDATE CASCADE ON DELETE RESTRICT,
  name                  text NOT NULL,
  ack                   text NOT NULL,
  group_id              text NOT NULL,
  ordered               boolean NOT NULL DEFAULT false,
  ack_timeout_seconds   integer NOT NULL DEFAULT 30,
  max_attempts          integer NOT NULL DEFAULT 8,
  first_delay_seconds   double precision NOT NULL DEFAULT 1,
  factor                double precision NOT NULL DEFAULT 2,
  max_delay_seconds     double precision NOT NULL DEFAULT 3600,
  jitter                double precision NOT NULL DEFAULT 0.2,
  ladder_seconds        double precision[] NOT NULL DEFAULT '{}',
  rate_per_second       integer,
  max_in_flight         integer NOT NULL DEFAULT 1000,
  retry_topic_id        integer REFERENCES topic (id) ON UPDATE CASCADE ON DELETE RESTRICT,
  dead_letter_topic_id  integer REFERENCES topic (id) ON UPDATE CASCADE ON DELETE RESTRICT,
  webhook_url           text,
  webhook_timeout_seconds integer NOT NULL DEFAULT 10,
  webhook_concurrency   integer NOT NULL DEFAULT 8,
  secret_version        integer NOT NULL DEFAULT 1,
  secret_rotated_at     timestamptz(3),
  paused_at             timestamptz(3),
  paused_by             text,
  pause_reason          text,
  removed_at            timestamptz(3),
  created_at            timestamptz(3) NOT NULL DEFAULT now(),
  updated_at            timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT subscription_name_form CHECK (name ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
  CONSTRAINT subscription_ack CHECK (ack IN ('explicit', 'offset', 'webhook', 'none')),
  CONSTRAINT subscription_timeout CHECK (ack_timeout_seconds BETWEEN 1 AND 86400),
  CONSTRAINT subscription_attempts CHECK (max_attempts BETWEEN 1 AND 1000),
  CONSTRAINT subscription_schedule CHECK (first_delay_seconds BETWEEN 0 AND 86400 AND factor BETWEEN 1 AND 10
    AND max_delay_seconds BETWEEN first_delay_seconds AND 604800 AND jitter BETWEEN 0 AND 1),
  CONSTRAINT subscription_rate CHECK (rate_per_second > 0 AND max_in_flight > 0),
  CONSTRAINT subscription_webhook CHECK ((ack = 'webhook') = (webhook_url IS NOT NULL)),
  CONSTRAINT subscription_webhook_limits CHECK (webhook_timeout_seconds BETWEEN 1 AND 300 AND webhook_concurrency BETWEEN 1 AND 1000),
  -- Redelivery goes to the retry topic; a webhook is simply called again, an offset consumer is on its own.
  CONSTRAINT subscription_retry_topic CHECK (ack <> 'explicit' OR retry_topic_id IS NOT NULL),
  CONSTRAINT subscription_pause CHECK ((paused_at IS NULL) = (paused_by IS NULL))
);
CREATE UNIQUE INDEX subscription_topic_name_key ON subscription (topic_id, name) WHERE removed_at IS NULL;
-- What the statement that marks a batch SENT asks, once per message.
CREATE INDEX subscription_tracked_idx ON subscription (topic_id) WHERE removed_at IS NULL AND ack <> 'none';
CREATE INDEX subscription_app_id_idx ON subscription (app_id);

CREATE TYPE delivery_state AS ENUM ('PENDING', 'WAITING', 'ACKED', 'DEAD', 'DISCARDED');

-- A group of failures that have one cause, as far as its text tells: the kind of error and its message with what differs
-- from case to case (numbers, ids, quoted values) taken out.
CREATE TABLE failure_group (
  id              bigserial PRIMARY KEY,
  subscription_id integer NOT NULL REFERENCES subscription (id) ON UPDATE CASCADE ON DELETE RESTRICT,
  fingerprint     text NOT NULL,
  error_type      text NOT NULL,
  pattern         text NOT NULL,
  sample          text NOT NULL,
  first_at        timestamptz(3) NOT NULL DEFAULT now(),
  last_at         timestamptz(3) NOT NULL DEFAULT now(),
  failures        bigint NOT NULL DEFAULT 0,
  note            text,
  noted_by        text,
  ignored_at      timestamptz(3),
  ignored_by      text,
  ignore_until_per_minute integer,
  CONSTRAINT failure_group_ignored CHECK ((ignored_at IS NULL) = (ignored_by IS NULL)),
  CONSTRAINT failure_group_threshold CHECK (ignore_until_per_minute > 0)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
CREATE UNIQUE INDEX failure_group_key ON failure_group (subscription_id, fingerprint);

-- How often a group failed, by minute: its chart.
CREATE TABLE failure_flow (
  group_id bigint NOT NULL REFERENCES failure_group (id) ON UPDATE CASCADE ON DELETE CASCADE,
  minute   timestamptz(3) NOT NULL,
  failures integer NOT NULL,
  PRIMARY KEY (group_id, minute)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- One message for one subscription of the modes `explicit` and `webhook`; made by the statement that marks the message
-- SENT. `due_at` is schedule, lease and fence in one: PENDING: the acknowledgement's deadline (webhook: when it is to be
-- called, or the lease of who calls); WAITING: when it is delivered again; null while WAITING: its record stands in the
-- queue `resend`. `drive` counts how often an operator has sent it off anew; `drive_from` is the attempt that drive began
-- at: the maximum counts from there.
CREATE TABLE delivery (
  message_id      uuid NOT NULL,
  subscription_id integer NOT NULL,
  state           delivery_state NOT NULL,
  attempt         smallint NOT NULL DEFAULT 1,
  drive           smallint NOT NULL DEFAULT 0,
  drive_from      smallint NOT NULL DEFAULT 0,
  created_at      timestamptz(3) NOT NULL DEFAULT now(),
  moved_at        timestamptz(3) NOT NULL DEFAULT now(),
  due_at          timestamptz(3),
  failure_group_id bigint,
  reason          text,
  PRIMARY KEY (message_id, subscription_id),
  CONSTRAINT delivery_pending_has_deadline CHECK (state <> 'PENDING' OR due_at IS NOT NULL),
  CONSTRAINT delivery_settled_is_not_due CHECK (state IN ('PENDING', 'WAITING') OR due_at IS NULL),
  CONSTRAINT delivery_dead_has_reason CHECK (state NOT IN ('DEAD', 'DISCARDED') OR reason IS NOT NULL),
  CONSTRAINT delivery_attempt_positive CHECK (attempt >= 1)
) PARTITION BY RANGE (message_id);
CREATE INDEX delivery_due_idx ON delivery (subscription_id, due_at) WHERE state IN ('PENDING', 'WAITING') AND due_at IS NOT NULL;
CREATE INDEX delivery_dead_idx ON delivery (subscription_id, message_id) WHERE state = 'DEAD';
CREATE INDEX delivery_group_idx ON delivery (failure_group_id, message_id) WHERE failure_group_id IS NOT NULL;

-- What is out of the ordinary in a delivery: attempts that failed, redeliveries, operators' actions. A delivery that is
-- acknowledged at once writes none.
CREATE TABLE delivery_attempt (
  message_id      uuid NOT NULL,
  subscription_id integer NOT NULL,
  n               bigserial,
  at              timestamptz(3) NOT NULL DEFAULT now(),
  attempt         smallint NOT NULL,
  kind            text NOT NULL,
  by              text NOT NULL,
  error_type      text,
  error_message   text,
  error_stack     text,
  failure_group_id bigint,
  status          smallint,
  duration_ms     integer,
  body            text,
  retry_at        timestamptz(3),
  broker_partition integer,
  broker_offset   bigint,
  reason          text,
  PRIMARY KEY (message_id, subscription_id, n),
  CONSTRAINT delivery_attempt_kind CHECK (kind IN ('retry', 'rejected', 'timed_out', 'crashed', 'failed', 'redelivered',
    'redelivery_refused', 'dead_lettered', 'dead_letter_refused', 'dead', 'acked_late', 'redriven', 'discarded', 'retried_now'))
) PARTITION BY RANGE (message_id);

-- Counters of deliveries, as message_flow counts messages (server/store/message-flow.ts): a cohort is the deliveries of a
-- subscription that came into a state in one minute.
CREATE TABLE delivery_flow (
  minute          timestamptz(3) NOT NULL,
  state           delivery_state NOT NULL,
  subscription_id integer NOT NULL,
  slot            smallint NOT NULL,
  entered         integer NOT NULL DEFAULT 0,
  departed        integer NOT NULL DEFAULT 0,
  PRIMARY KEY (minute, state, subscription_id, slot)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
        autovacuum_vacuum_cost_delay = 0);

-- `open_deliveries`: rows of `delivery` that are neither ACKED nor DISCARDED. `by_offset`: committed offsets of a group
-- count, too. `early_deliveries`: subscriptions whose consumers answered before the message was marked SENT, so that their
-- deliveries stand already. Kept in this row, because the statement that marks it may wait for an answer's lock and then
-- sees of that answer this row alone.
ALTER TABLE message_state
  ADD COLUMN open_deliveries smallint NOT NULL DEFAULT 0,
  ADD COLUMN by_offset boolean NOT NULL DEFAULT false,
  ADD COLUMN early_deliveries integer[];
-- What only waits for groups' committed offsets; a row leaves it when it is CONSUMED.
CREATE INDEX message_state_offset_idx ON message_state (topic_id, broker_partition, broker_offset)
  WHERE state = 'SENT' AND by_offset AND open_deliveries = 0;

-- How far the group of an `offset` subscription has come, partition by partition; shown as its lag.
CREATE TABLE group_progress (
  subscription_id integer NOT NULL REFERENCES subscription (id) ON UPDATE CASCADE ON DELETE CASCADE,
  partition       integer NOT NULL,
  retry           boolean NOT NULL DEFAULT false,
  committed       bigint,
  end_offset      bigint NOT NULL,
  seen_at         timestamptz(3) NOT NULL DEFAULT now(),
  moved_at        timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (subscription_id, retry, partition)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- Redeliveries of a subscription are given out by one replica at a time, which locks this row: rate, cap and breaker hold
-- whatever the number of replicas. Webhook endpoints have theirs, too.
CREATE TABLE subscription_valve (
  subscription_id integer PRIMARY KEY REFERENCES subscription (id) ON UPDATE CASCADE ON DELETE CASCADE,
  state           text NOT NULL DEFAULT 'open',
  version         bigint NOT NULL DEFAULT 1,
  since           timestamptz(3) NOT NULL DEFAULT now(),
  probe_at        timestamptz(3),
  trips           integer NOT NULL DEFAULT 0,
  failures        integer NOT NULL DEFAULT 0,
  last_error      text,
  tokens          double precision NOT NULL DEFAULT 0,
  tokens_at       timestamptz(3) NOT NULL DEFAULT now(),
  failing_since   timestamptz(3),
  disabled_at     timestamptz(3),
  disabled_reason text,
  CONSTRAINT subscription_valve_state CHECK (state IN ('open', 'throttled', 'probing', 'shut')),
  CONSTRAINT subscription_valve_disabled CHECK ((disabled_at IS NULL) = (disabled_reason IS NULL))
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- Redeliveries and dead letters go the way of operators' resends; `topic_id` is the retry or dead-letter topic.
ALTER TABLE resend
  ADD COLUMN subscription_id integer,
  ADD COLUMN headers json,
  DROP CONSTRAINT resend_attempt,
  ADD CONSTRAINT resend_attempt CHECK (attempt > 1 OR kind = 'dead_letter'),
  ADD CONSTRAINT resend_subscription CHECK ((kind = 'operator') = (subscription_id IS NULL));
CREATE UNIQUE INDEX resend_delivery_key ON resend (message_id, subscription_id, kind) WHERE kind <> 'operator';

CREATE OR REPLACE FUNCTION surelay_make_partitions(from_day date, to_day date) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  parent text;
  day date;
  part text;
  made integer := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(72707370);
  FOR day IN SELECT d::date FROM generate_series(from_day, to_day - 1, interval '1 day') AS d LOOP
    FOREACH parent IN ARRAY ARRAY['message', 'message_state', 'message_event', 'check_back', 'delivery', 'delivery_attempt'] LOOP
      part := parent || to_char(day, '"_p"YYYYMMDD');
      CONTINUE WHEN EXISTS (
        SELECT FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = parent::regclass AND c.relname = part);
      EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', part, parent);
      IF parent IN ('message_state', 'delivery') THEN
        EXECUTE format('ALTER TABLE %I SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 20000, '
          'autovacuum_analyze_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0)', part);
      END IF;
      EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, part,
        surelay_uuid_floor(day::timestamp AT TIME ZONE 'UTC'), surelay_uuid_floor((day + 1)::timestamp AT TIME ZONE 'UTC'));
      made := made + 1;
    END LOOP;
  END LOOP;
  RETURN made;
END $$;
-- The days that have partitions already.
SELECT surelay_make_partitions(to_date(right(c.relname, 8), 'YYYYMMDD'), to_date(right(c.relname, 8), 'YYYYMMDD') + 1)
FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'message'::regclass;
