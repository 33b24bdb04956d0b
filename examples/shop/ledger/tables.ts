import { INBOX_TABLES } from "../shared/inbox-tables.ts";

/** The ledger's own tables, in its own database. */
export const LEDGER_TABLES = `
${INBOX_TABLES}

  CREATE TABLE IF NOT EXISTS entry (
    -- Not unique on purpose: that an order is booked once is the inbox's work, and verify/ counts what it let through.
    order_number text NOT NULL,
    amount_cents bigint NOT NULL,
    booked_at    timestamptz NOT NULL DEFAULT now()
  );
  CREATE INDEX IF NOT EXISTS entry_order ON entry (order_number);

  -- What cannot be booked, as it came. Nobody delivers it again to a subscription that is acknowledged by offset.
  CREATE TABLE IF NOT EXISTS suspense (
    message_id uuid PRIMARY KEY,
    payload    bytea NOT NULL,
    reason     text NOT NULL,
    put_at     timestamptz NOT NULL DEFAULT now()
  );
`;
