/** The order service's own tables, in its own database. */
export const ORDER_TABLES = `
  -- As \`npx surelay-producer ddl --dialect postgresql --table barrier\` prints it: what transact() writes first in each
  -- transaction, and check-backs are answered from.
  CREATE TABLE IF NOT EXISTS surelay_barrier (
    message_id uuid        PRIMARY KEY,
    outcome    text        NOT NULL CHECK (outcome IN ('committed', 'rolled_back')),
    at         timestamptz NOT NULL DEFAULT now()
  );

  CREATE SEQUENCE IF NOT EXISTS order_number START 100001;

  CREATE TABLE IF NOT EXISTS orders (
    number      text PRIMARY KEY,
    customer_id text NOT NULL,
    currency    text NOT NULL,
    total_cents integer NOT NULL CHECK (total_cents > 0),
    placed_at   timestamptz NOT NULL DEFAULT now(),
    message_id  uuid NOT NULL UNIQUE -- the message that tells of this order, for whoever looks for it
  );

  CREATE TABLE IF NOT EXISTS order_line (
    order_number text NOT NULL REFERENCES orders,
    line         integer NOT NULL,
    sku          text NOT NULL,
    title        text NOT NULL,
    quantity     integer NOT NULL CHECK (quantity > 0),
    unit_cents   integer NOT NULL CHECK (unit_cents > 0),
    PRIMARY KEY (order_number, line)
  );

  -- Of a shop from before there were check-backs: its orders stand, so their messages are to be delivered.
  DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attname = 'confirm_withheld' AND NOT attisdropped) THEN
      INSERT INTO surelay_barrier SELECT message_id, 'committed', placed_at FROM orders ON CONFLICT DO NOTHING;
      ALTER TABLE orders DROP COLUMN confirm_withheld, DROP COLUMN confirmed_at, DROP COLUMN confirm_error;
    END IF;
  END $$;
`;
