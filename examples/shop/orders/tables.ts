/** The order service's own tables, in its own database. */
export const ORDER_TABLES = `
  CREATE SEQUENCE IF NOT EXISTS order_number START 100001;

  CREATE TABLE IF NOT EXISTS orders (
    number           text PRIMARY KEY,
    customer_id      text NOT NULL,
    currency         text NOT NULL,
    total_cents      integer NOT NULL CHECK (total_cents > 0),
    placed_at        timestamptz NOT NULL DEFAULT now(),
    -- The message that tells of this order. Written in the order's own transaction, so this row is the proof of what
    -- became of it: row there = committed, row not there = rolled back. A check-back is answered from it.
    message_id       uuid NOT NULL UNIQUE,
    confirmed_at     timestamptz,
    confirm_error    text,
    -- For show: this service forgets to confirm some of its orders (see place-order.ts).
    confirm_withheld boolean NOT NULL DEFAULT false
  );
  CREATE INDEX IF NOT EXISTS orders_unconfirmed ON orders (placed_at)
    WHERE confirmed_at IS NULL AND confirm_error IS NULL AND NOT confirm_withheld;

  CREATE TABLE IF NOT EXISTS order_line (
    order_number text NOT NULL REFERENCES orders,
    line         integer NOT NULL,
    sku          text NOT NULL,
    title        text NOT NULL,
    quantity     integer NOT NULL CHECK (quantity > 0),
    unit_cents   integer NOT NULL CHECK (unit_cents > 0),
    PRIMARY KEY (order_number, line)
  );
`;
