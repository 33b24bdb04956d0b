-- The store: apps and topics, messages and where they stand, lanes, workers, the audit log, operators' sign-in.

CREATE TYPE message_state_kind AS ENUM
  ('PREPARED', 'UNDECIDED', 'SCHEDULED', 'READY', 'SENT', 'CONSUMED', 'CANCELLED', 'REJECTED');
CREATE TYPE decider AS ENUM ('producer', 'check_back', 'operator');

CREATE TABLE app (
  id                  serial PRIMARY KEY,
  name                text NOT NULL,
  check_url           text,
  check_after_seconds integer CHECK (check_after_seconds BETWEEN 1 AND 86400),
  created_at          timestamptz(3) NOT NULL DEFAULT now(),
  updated_at          timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT app_name_form CHECK (name ~ '^[a-z0-9][a-z0-9._-]{0,63}$')
);
CREATE UNIQUE INDEX app_name_key ON app (name);

CREATE TABLE api_key (
  id              text PRIMARY KEY,
  app_id          integer NOT NULL REFERENCES app (id) ON UPDATE CASCADE ON DELETE RESTRICT,
  hash            bytea NOT NULL CHECK (length(hash) = 32),
  scopes          text[] CHECK (scopes <@ ARRAY['produce', 'consume'] AND cardinality(scopes) > 0),
  rate_per_second integer CHECK (rate_per_second > 0),
  note            text,
  created_at      timestamptz(3) NOT NULL DEFAULT now(),
  created_by      text,
  last_used_at    timestamptz(3),
  revoked_at      timestamptz(3)
);
CREATE INDEX api_key_app_id_idx ON api_key (app_id);

CREATE TABLE topic (
  id           serial PRIMARY KEY,
  name         text NOT NULL,
  partitions   integer NOT NULL CHECK (partitions BETWEEN 1 AND 10000),
  schema       jsonb,
  masked       boolean NOT NULL DEFAULT false,
  fault_code   text,
  fault_detail text,
  fault_since  timestamptz(3),
  created_at   timestamptz(3) NOT NULL DEFAULT now(),
  updated_at   timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT topic_name_form CHECK (name ~ '^[A-Za-z0-9._-]{1,249}$' AND name NOT IN ('.', '..')),
  CONSTRAINT topic_fault CHECK ((fault_code IS NULL) = (fault_since IS NULL))
);
CREATE UNIQUE INDEX topic_name_key ON topic (name);

-- Written once. Wide values stay in the row's own page or TOAST; no foreign keys: app and topic ids are checked by
-- intake against its cache, and two index look-ups per message would be a tenth of the whole cost of storing it.
CREATE TABLE message (
  id           uuid NOT NULL,
  app_id       integer NOT NULL,
  topic_id     integer NOT NULL,
  lane         smallint NOT NULL,
  key          text,
  type         text,
  business_key text,
  content_type text NOT NULL,
  headers      json,
  traceparent  text,
  payload      bytea NOT NULL,
  PRIMARY KEY (id)
) PARTITION BY RANGE (id);
CREATE INDEX message_business_key_idx ON message (app_id, business_key, id) WHERE business_key IS NOT NULL;

-- Narrow, and the only row a transition touches. The partial indexes are what workers claim by; a row leaves its index
-- with its state, so they stay as small as the backlog.
CREATE TABLE message_state (
  id               uuid NOT NULL,
  ready_seq        bigint,
  stored_at        timestamptz(3) NOT NULL DEFAULT now(),
  decided_at       timestamptz(3),
  sent_at          timestamptz(3),
  check_at         timestamptz(3),
  deliver_at       timestamptz(3),
  held_at          timestamptz(3),
  broker_offset    bigint,
  app_id           integer NOT NULL,
  topic_id         integer NOT NULL,
  broker_partition integer,
  state            message_state_kind NOT NULL,
  decided_by       decider,
  lane             smallint NOT NULL,
  checks           smallint NOT NULL DEFAULT 0,
  reason           text,
  PRIMARY KEY (id),
  CONSTRAINT prepared_has_check_time CHECK ((state = 'PREPARED') = (check_at IS NOT NULL)),
  CONSTRAINT ready_has_sequence CHECK (state NOT IN ('READY', 'SENT', 'CONSUMED', 'REJECTED') OR ready_seq IS NOT NULL),
  CONSTRAINT sent_has_time CHECK ((state IN ('SENT', 'CONSUMED')) = (sent_at IS NOT NULL)),
  CONSTRAINT sent_has_partition CHECK (state NOT IN ('SENT', 'CONSUMED') OR broker_partition IS NOT NULL),
  CONSTRAINT cancelled_has_decider CHECK (state <> 'CANCELLED' OR (decided_by IS NOT NULL AND decided_at IS NOT NULL)),
  CONSTRAINT scheduled_has_time CHECK (state <> 'SCHEDULED' OR deliver_at IS NOT NULL),
  CONSTRAINT rejected_has_reason CHECK (state NOT IN ('REJECTED', 'UNDECIDED') OR reason IS NOT NULL),
  CONSTRAINT held_is_ready CHECK (held_at IS NULL OR state = 'READY')
) PARTITION BY RANGE (id);
CREATE INDEX message_state_check_idx ON message_state (check_at) WHERE state = 'PREPARED';
CREATE INDEX message_state_ready_idx ON message_state (lane, ready_seq) WHERE state = 'READY' AND held_at IS NULL;
CREATE INDEX message_state_held_idx ON message_state (lane, topic_id, ready_seq) WHERE state = 'READY' AND held_at IS NOT NULL;
CREATE INDEX message_state_scheduled_idx ON message_state (deliver_at) WHERE state = 'SCHEDULED';
CREATE INDEX message_state_stuck_idx ON message_state (state, id) WHERE state IN ('UNDECIDED', 'REJECTED');

-- Order within a lane. No CACHE: a session's cached block would let a later confirm overtake an earlier one.
CREATE SEQUENCE message_ready_seq AS bigint CACHE 1;

CREATE TABLE message_event (
  message_id uuid NOT NULL,
  n          bigserial,
  at         timestamptz(3) NOT NULL DEFAULT now(),
  kind       text NOT NULL,
  actor      text NOT NULL,
  detail     jsonb,
  PRIMARY KEY (message_id, n)
) PARTITION BY RANGE (message_id);

CREATE TABLE lane (
  lane            smallint PRIMARY KEY,
  epoch           bigint NOT NULL DEFAULT 0,
  owner           text,
  expires_at      timestamptz(3),
  acquired_at     timestamptz(3),
  progress_offset bigint NOT NULL DEFAULT -1,
  fault_detail    text,
  fault_since     timestamptz(3),
  CONSTRAINT lane_lease CHECK ((owner IS NULL) = (expires_at IS NULL))
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

CREATE TABLE worker_instance (
  kind         text NOT NULL,
  name         text NOT NULL,
  host         text NOT NULL,
  pid          integer NOT NULL,
  version      text NOT NULL,
  started_at   timestamptz(3) NOT NULL,
  heartbeat_at timestamptz(3) NOT NULL,
  last_tick_at timestamptz(3),
  stopped_at   timestamptz(3),
  detail       jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (kind, name)
) WITH (fillfactor = 50);

CREATE TABLE audit_log (
  id          bigserial PRIMARY KEY,
  at          timestamptz(3) NOT NULL DEFAULT now(),
  actor_id    text,
  actor_name  text NOT NULL,
  action      text NOT NULL,
  target_kind text NOT NULL,
  target_id   text NOT NULL,
  before      jsonb,
  after       jsonb,
  reason      text,
  ip          text,
  user_agent  text
);
CREATE INDEX audit_log_at_idx ON audit_log (at);
CREATE INDEX audit_log_target_kind_target_id_idx ON audit_log (target_kind, target_id);
REVOKE UPDATE, DELETE, TRUNCATE ON audit_log FROM PUBLIC;
CREATE FUNCTION surelay_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON audit_log
  FOR EACH ROW EXECUTE FUNCTION surelay_refuse_change();
CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION surelay_refuse_change();

-- Operators' sign-in.
CREATE TABLE auth_user (
  id               text PRIMARY KEY,
  name             text NOT NULL,
  email            text NOT NULL,
  email_verified   boolean NOT NULL DEFAULT false,
  image            text,
  username         text,
  display_username text,
  role             text,
  banned           boolean DEFAULT false,
  ban_reason       text,
  ban_expires      timestamptz(3),
  created_at       timestamptz(3) NOT NULL DEFAULT now(),
  updated_at       timestamptz(3) NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX auth_user_email_key ON auth_user (email);
CREATE UNIQUE INDEX auth_user_username_key ON auth_user (username);

CREATE TABLE auth_session (
  id              text PRIMARY KEY,
  token           text NOT NULL,
  user_id         text NOT NULL REFERENCES auth_user (id) ON UPDATE CASCADE ON DELETE CASCADE,
  expires_at      timestamptz(3) NOT NULL,
  ip_address      text,
  user_agent      text,
  impersonated_by text,
  created_at      timestamptz(3) NOT NULL DEFAULT now(),
  updated_at      timestamptz(3) NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX auth_session_token_key ON auth_session (token);
CREATE INDEX auth_session_user_id_idx ON auth_session (user_id);

CREATE TABLE auth_account (
  id                       text PRIMARY KEY,
  account_id               text NOT NULL,
  provider_id              text NOT NULL,
  user_id                  text NOT NULL REFERENCES auth_user (id) ON UPDATE CASCADE ON DELETE CASCADE,
  access_token             text,
  refresh_token            text,
  id_token                 text,
  access_token_expires_at  timestamptz(3),
  refresh_token_expires_at timestamptz(3),
  scope                    text,
  password                 text,
  created_at               timestamptz(3) NOT NULL DEFAULT now(),
  updated_at               timestamptz(3) NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX auth_account_provider_id_account_id_key ON auth_account (provider_id, account_id);
CREATE INDEX auth_account_user_id_idx ON auth_account (user_id);

CREATE TABLE auth_verification (
  id         text PRIMARY KEY,
  identifier text NOT NULL,
  value      text NOT NULL,
  expires_at timestamptz(3) NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX auth_verification_identifier_idx ON auth_verification (identifier);

CREATE TABLE auth_rate_limit (
  id           text PRIMARY KEY,
  key          text NOT NULL,
  count        integer NOT NULL,
  last_request bigint NOT NULL
);
CREATE UNIQUE INDEX auth_rate_limit_key_key ON auth_rate_limit (key);

-- The smallest UUIDv7 of a moment: its 48 bits of milliseconds, everything after zero. The bound of a partition.
CREATE FUNCTION surelay_uuid_floor(moment timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT (lpad(to_hex(floor(extract(epoch FROM moment) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid
$$;

-- Makes the daily partitions [from_day, to_day) of the message tables that are missing; returns how many it made.
-- Built beside the parent and attached, because CREATE TABLE … PARTITION OF would lock out all intake while it waits.
CREATE FUNCTION surelay_make_partitions(from_day date, to_day date) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  parent text;
  day date;
  part text;
  made integer := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(72707370);
  FOR day IN SELECT d::date FROM generate_series(from_day, to_day - 1, interval '1 day') AS d LOOP
    FOREACH parent IN ARRAY ARRAY['message', 'message_state', 'message_event'] LOOP
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
