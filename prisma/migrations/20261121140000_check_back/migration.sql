-- Status confirmation: how each app is asked, what it answered, and which apps cannot be reached just now.

-- Unset: the default of server/domain/check-policy.ts. The seconds until the first check are in check_after_seconds.
ALTER TABLE app
  ADD COLUMN check_factor            double precision CHECK (check_factor BETWEEN 1 AND 10),
  ADD COLUMN check_max_delay_seconds integer CHECK (check_max_delay_seconds BETWEEN 1 AND 86400),
  ADD COLUMN check_max_attempts      integer CHECK (check_max_attempts BETWEEN 1 AND 1000),
  ADD COLUMN check_jitter            double precision CHECK (check_jitter BETWEEN 0 AND 1),
  ADD COLUMN check_timeout_seconds   integer CHECK (check_timeout_seconds BETWEEN 1 AND 30),
  ADD COLUMN check_concurrency       integer CHECK (check_concurrency BETWEEN 1 AND 1000),
  -- The secret itself is derived from a master secret, the app's name and this number.
  ADD COLUMN secret_version    integer NOT NULL DEFAULT 1 CHECK (secret_version >= 1),
  ADD COLUMN secret_rotated_at timestamptz(3),
  ADD CONSTRAINT app_secret_rotated CHECK ((secret_version = 1) = (secret_rotated_at IS NULL));

-- Claimed app by app, so that the backlog of one that cannot be reached is never walked over to find another's. While a
-- check is under way check_at is the end of its lease: it tells each claim from every other, and guards what the claim writes.
DROP INDEX message_state_check_idx;
CREATE INDEX message_state_check_idx ON message_state (app_id, check_at) WHERE state = 'PREPARED';

-- Every check-back that was sent. Its request is made of what never changes (the message, the attempt, the URL), so only
-- the URL is kept of it.
CREATE TABLE check_back (
  message_id  uuid NOT NULL,
  n           bigserial,
  at          timestamptz(3) NOT NULL,
  duration_ms integer NOT NULL,
  attempt     smallint NOT NULL,
  status      smallint,
  body_cut    boolean NOT NULL DEFAULT false,
  outcome     text NOT NULL,
  effect      text NOT NULL,
  url         text NOT NULL,
  body        text,
  error       text,
  detail      text,
  PRIMARY KEY (message_id, n),
  CONSTRAINT check_back_outcome CHECK (outcome IN ('committed', 'rolled_back', 'unknown', 'failed')),
  CONSTRAINT check_back_effect CHECK (effect IN ('confirmed', 'cancelled', 'asks_again', 'gave_up', 'too_late')),
  CONSTRAINT check_back_error CHECK ((outcome = 'failed') = (error IS NOT NULL))
) PARTITION BY RANGE (message_id);

CREATE OR REPLACE FUNCTION surelay_make_partitions(from_day date, to_day date) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  parent text;
  day date;
  part text;
  made integer := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(72707370);
  FOR day IN SELECT d::date FROM generate_series(from_day, to_day - 1, interval '1 day') AS d LOOP
    FOREACH parent IN ARRAY ARRAY['message', 'message_state', 'message_event', 'check_back'] LOOP
      part := parent || to_char(day, '"_p"YYYYMMDD');
      CONTINUE WHEN EXISTS (
        SELECT FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = parent::regclass AND c.relname = part);
      EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', part, parent);
      IF parent = 'message_state' THEN
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

-- A row for each app that could not be reached at some time. Written when the state changes, not with every check.
CREATE TABLE check_breaker (
  app_id     integer PRIMARY KEY REFERENCES app (id) ON UPDATE CASCADE ON DELETE RESTRICT,
  state      text NOT NULL,
  -- Each transition names the version it has seen.
  version    bigint NOT NULL DEFAULT 1,
  -- Since when it is closed, or since when it has not been: a probe that fails does not begin anew.
  since      timestamptz(3) NOT NULL DEFAULT now(),
  -- Open: when the next probe may go. Half open: until when the probe under way counts.
  probe_at   timestamptz(3),
  -- How often it has opened since it was closed.
  trips      integer NOT NULL,
  -- Failures to reach the app since it was closed, as far as they were told.
  failures   integer NOT NULL,
  last_error text,
  CONSTRAINT check_breaker_state CHECK (state IN ('closed', 'open', 'half_open')),
  CONSTRAINT check_breaker_probe CHECK ((state = 'closed') = (probe_at IS NULL)),
  CONSTRAINT check_breaker_trips CHECK ((state = 'closed') = (trips = 0))
) WITH (fillfactor = 50);
