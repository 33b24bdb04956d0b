import { INBOX_TABLES } from "../shared/inbox-tables.ts";

/** The shipping service's own tables, in its own database. */
export const SHIPPING_TABLES = `
  CREATE SEQUENCE IF NOT EXISTS waybill_number START 500001;

${INBOX_TABLES}

  -- Of a shop from before there were subscriptions: what was handled then is not handled again.
  DO $$ BEGIN
    IF to_regclass('inbox') IS NOT NULL THEN
      INSERT INTO surelay_inbox (message_id, subscription, attempt, started_at, finished_at)
        SELECT message_id, 'shipping', 1, received_at, received_at FROM inbox ON CONFLICT DO NOTHING;
      DROP TABLE inbox, inbox_refused;
    END IF;
  END $$;

  CREATE TABLE IF NOT EXISTS waybill (
    number       text PRIMARY KEY,
    -- Not unique on purpose: that an order ships once is the inbox's work, and verify/ counts what it let through.
    order_number text NOT NULL,
    customer_id  text NOT NULL,
    parcels      integer NOT NULL,
    written_at   timestamptz NOT NULL DEFAULT now()
  );
  CREATE INDEX IF NOT EXISTS waybill_order ON waybill (order_number);
  -- Of a shop from before there was an outbox.
  ALTER TABLE waybill DROP COLUMN IF EXISTS shipped_message_id, DROP COLUMN IF EXISTS announced_at;

  -- As \`npx surelay-producer ddl --dialect postgresql --table outbox\` prints it, to be run at every start: the messages of
  -- this service, each in the transaction of what it tells. Surelay's collector fetches them.
  CREATE TABLE IF NOT EXISTS surelay_outbox (
    seq          bigint GENERATED ALWAYS AS IDENTITY (CACHE 1) PRIMARY KEY,
    id           uuid NOT NULL,
    topic        text NOT NULL,
    message_key  text,
    type         text,
    business_key text,
    content_type text,
    headers      json,
    traceparent  text,
    payload      bytea NOT NULL,
    deliver_at   timestamptz,
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp()
  ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);

  -- Wakes the collector at the commit, whoever inserts. PostgreSQL lets commits that notify take turns, so it is done only
  -- while the collector sleeps: one that is at work holds an advisory lock of this table, and looks again by itself.
  CREATE OR REPLACE FUNCTION surelay_outbox_notify() RETURNS trigger LANGUAGE plpgsql AS $$
  DECLARE
    awake bigint := 72707371::bigint << 32 | TG_RELID::bigint;
  BEGIN
    IF pg_try_advisory_lock_shared(awake) THEN
      PERFORM pg_advisory_unlock_shared(awake);
      PERFORM pg_notify('surelay_outbox', '');
    END IF;
    RETURN NULL;
  END $$;
  CREATE OR REPLACE TRIGGER surelay_outbox_notify AFTER INSERT ON surelay_outbox
    FOR EACH STATEMENT EXECUTE FUNCTION surelay_outbox_notify();
`;
