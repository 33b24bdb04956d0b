/** What the producers' and the consumers' business is, in this run. */
export const WHOLE_TABLES = `
  -- One row per message whose transaction stands.
  CREATE TABLE made (message_id uuid PRIMARY KEY);

  -- Not unique on purpose: whatever is done twice is to be seen.
  CREATE TABLE effect (
    n            bigserial,
    message_id   uuid NOT NULL,
    subscription text NOT NULL,
    key          text,
    attempt      integer NOT NULL
  );

  -- What a consumer without redelivery has given up.
  CREATE TABLE refused (message_id uuid NOT NULL, subscription text NOT NULL, UNIQUE (message_id, subscription));

  -- The webhook receiver's inbox.
  CREATE TABLE taken (message_id uuid PRIMARY KEY);
`;
