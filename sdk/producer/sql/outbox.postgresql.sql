-- The local message table: messages that leave with the transaction that wrote them. Surelay's collector reads them in the
-- order of `seq`, stores them, and deletes them here.
CREATE TABLE surelay_outbox (
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
CREATE FUNCTION surelay_outbox_notify() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  awake bigint := 72707371::bigint << 32 | TG_RELID::bigint;
BEGIN
  IF pg_try_advisory_lock_shared(awake) THEN
    PERFORM pg_advisory_unlock_shared(awake);
    PERFORM pg_notify('surelay_outbox', '');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER surelay_outbox_notify AFTER INSERT ON surelay_outbox
  FOR EACH STATEMENT EXECUTE FUNCTION surelay_outbox_notify();

-- What the collector's user needs:
-- GRANT SELECT, DELETE ON surelay_outbox TO <user>;
