/** The tables of the service that tells customers, in its own database. */
export const NOTICE_TABLES = `
  -- Ids of the messages that were taken: a call may come twice, when its answer was lost.
  CREATE TABLE IF NOT EXISTS taken (
    message_id uuid PRIMARY KEY,
    taken_at   timestamptz NOT NULL DEFAULT now()
  );

  CREATE TABLE IF NOT EXISTS notice (
    -- Not unique on purpose: that a customer is told once is the work of "taken", and verify/ counts what it let through.
    order_number text NOT NULL,
    customer_id  text NOT NULL,
    words        text NOT NULL,
    sent_at      timestamptz NOT NULL DEFAULT now()
  );
  CREATE INDEX IF NOT EXISTS notice_order ON notice (order_number);

  -- Since when there is this service: nobody was told of what shipped before.
  CREATE TABLE IF NOT EXISTS opened (at timestamptz NOT NULL DEFAULT now());
  INSERT INTO opened SELECT WHERE NOT EXISTS (SELECT FROM opened);
`;
