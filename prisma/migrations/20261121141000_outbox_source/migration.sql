-- Local message tables in business databases, and how far each of them is collected.

-- What somebody declares. `connection` names an environment variable of the collector: the address itself, which holds a
-- password, is never stored.
CREATE TABLE outbox_source (
  id            serial PRIMARY KEY,
  name          text NOT NULL,
  kind          text NOT NULL,
  layout        text NOT NULL DEFAULT 'surelay',
  connection    text NOT NULL,
  table_name    text NOT NULL DEFAULT 'surelay_outbox',
  app_id        integer NOT NULL REFERENCES app (id) ON UPDATE CASCADE ON DELETE RESTRICT,
  topic_pattern text,
  order_column  text,
  paused_at     timestamptz(3),
  paused_by     text,
  pause_reason  text,
  created_at    timestamptz(3) NOT NULL DEFAULT now(),
  updated_at    timestamptz(3) NOT NULL DEFAULT now(),
  CONSTRAINT outbox_source_name_form CHECK (name ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
  CONSTRAINT outbox_source_kind CHECK (kind IN ('postgresql', 'mysql')),
  CONSTRAINT outbox_source_layout CHECK (layout IN ('surelay', 'debezium')),
  CONSTRAINT outbox_source_connection CHECK (connection ~ '^SURELAY_SOURCE_[A-Z0-9_]{1,64}$'),
  CONSTRAINT outbox_source_table CHECK (table_name ~ '^[A-Za-z_][A-Za-z0-9_]{0,62}(\.[A-Za-z_][A-Za-z0-9_]{0,62})?$'),
  CONSTRAINT outbox_source_order CHECK (order_column ~ '^[A-Za-z_][A-Za-z0-9_]{0,62}$'),
  CONSTRAINT outbox_source_debezium CHECK (layout = 'debezium' OR (topic_pattern IS NULL AND order_column IS NULL)),
  CONSTRAINT outbox_source_pause CHECK ((paused_at IS NULL) = (paused_by IS NULL))
);
CREATE UNIQUE INDEX outbox_source_name_key ON outbox_source (name);
CREATE INDEX outbox_source_app_id_idx ON outbox_source (app_id);

-- One row beside each source: who collects it, which rows are stored and may still stand in the source, what it found last.
-- `in_hand` is written in the transaction that stores these rows as messages, and it is all that a new owner has to know:
-- it removes them from the source before it reads there. Every write is guarded by `epoch`.
CREATE TABLE outbox_progress (
  source_id         integer PRIMARY KEY REFERENCES outbox_source (id) ON UPDATE CASCADE ON DELETE CASCADE,
  epoch             bigint NOT NULL DEFAULT 0,
  owner             text,
  expires_at        timestamptz(3),
  acquired_at       timestamptz(3),
  in_hand           text[] DEFAULT '{}',
  collected         bigint NOT NULL DEFAULT 0,
  last_collected_at timestamptz(3),
  rate              double precision NOT NULL DEFAULT 0,
  waiting           integer,
  oldest_at         timestamptz(3),
  sampled_at        timestamptz(3),
  fault_code        text,
  fault_detail      text,
  fault_since       timestamptz(3),
  CONSTRAINT outbox_progress_lease CHECK ((owner IS NULL) = (expires_at IS NULL)),
  CONSTRAINT outbox_progress_fault CHECK ((fault_code IS NULL) = (fault_since IS NULL))
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
        autovacuum_vacuum_cost_delay = 0, toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 5000);

-- Rows of a source that cannot become messages as they are. They stay in the source, and with them the later rows of their
-- key; whatever was wrong, they are tried again now and then, or when an operator asks for it.
CREATE TABLE outbox_failure (
  source_id  integer NOT NULL REFERENCES outbox_source (id) ON UPDATE CASCADE ON DELETE CASCADE,
  ref        text NOT NULL,
  message_id text,
  topic      text,
  key        text,
  code       text NOT NULL,
  detail     text NOT NULL,
  attempts   integer NOT NULL DEFAULT 1,
  first_at   timestamptz(3) NOT NULL DEFAULT now(),
  last_at    timestamptz(3) NOT NULL DEFAULT now(),
  wanted     text,
  wanted_by  text,
  wanted_at  timestamptz(3),
  PRIMARY KEY (source_id, ref),
  CONSTRAINT outbox_failure_wanted CHECK (wanted IN ('retry', 'discard'))
);
