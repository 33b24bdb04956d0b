-- A message's content is written once. What an operator made of it since is a version of its own, from 2: whatever is sent of
-- the message from then on (resends, redeliveries, dead letters) carries the newest. Empty but for edited messages.
CREATE TABLE message_version (
  message_id   uuid NOT NULL,
  version      smallint NOT NULL,
  at           timestamptz(3) NOT NULL DEFAULT now(),
  edited_by    text NOT NULL,
  reason       text NOT NULL,
  note         text,
  content_type text NOT NULL,
  headers      json,
  payload      bytea NOT NULL,
  PRIMARY KEY (message_id, version),
  CONSTRAINT message_version_follows CHECK (version >= 2)
);
