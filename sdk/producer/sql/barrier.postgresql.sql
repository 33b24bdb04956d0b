-- Surelay: one row per message, in the database of the business transaction. The transaction inserts 'committed'; a
-- check-back inserts 'rolled_back'; the primary key lets only one of them stand.
CREATE TABLE IF NOT EXISTS surelay_barrier (
  message_id uuid        PRIMARY KEY,
  outcome    text        NOT NULL CHECK (outcome IN ('committed', 'rolled_back')),
  at         timestamptz NOT NULL DEFAULT now()
);
