/** The shipping service's own tables, in its own database. */
export const SHIPPING_TABLES = `
  CREATE SEQUENCE IF NOT EXISTS waybill_number START 500001;

  -- Ids of the messages that were handled, each inserted in the transaction of its effect. Rows older than the longest
  -- time a message may come again (here: the topic's retention) can be deleted.
  CREATE TABLE IF NOT EXISTS inbox (
    message_id  uuid PRIMARY KEY,
    received_at timestamptz NOT NULL DEFAULT now()
  );

  -- Messages that nobody can handle, with the reason: shipping goes on, a person looks.
  CREATE TABLE IF NOT EXISTS inbox_refused (
    message_id uuid PRIMARY KEY,
    reason     text NOT NULL,
    refused_at timestamptz NOT NULL DEFAULT now()
  );

  CREATE TABLE IF NOT EXISTS waybill (
    number             text PRIMARY KEY,
    -- Not unique on purpose: that an order ships once is the inbox's work, and verify/ counts what it let through.
    order_number       text NOT NULL,
    customer_id        text NOT NULL,
    parcels            integer NOT NULL,
    written_at         timestamptz NOT NULL DEFAULT now(),
    -- The message that tells of the shipment; its id is fixed here, so that sending it again sends the same.
    shipped_message_id uuid NOT NULL UNIQUE,
    announced_at       timestamptz
  );
  CREATE INDEX IF NOT EXISTS waybill_order ON waybill (order_number);
  CREATE INDEX IF NOT EXISTS waybill_unannounced ON waybill (written_at) WHERE announced_at IS NULL;
`;
