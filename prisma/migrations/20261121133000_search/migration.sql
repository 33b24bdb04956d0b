-- What lists and the search find messages by, beside the id and the business key.

-- Newest first of an app, a topic, or both: of one alone as a merge over the few pairs it is part of, which costs a
-- reader a few probes and saves every writer a second index.
CREATE INDEX message_app_topic_idx ON message (app_id, topic_id, id);
-- A hash holds four bytes of a key: half the cost of a B-tree when writing, and a key's messages are few enough to sort.
CREATE INDEX message_key_idx ON message USING hash (key);
-- Written by the one transition that leads there.
CREATE INDEX message_state_cancelled_idx ON message_state (id) WHERE state = 'CANCELLED';

-- A payload as JSON; null when its content type is another, or when it cannot be read as JSON after all (not UTF-8, cut,
-- numbers beyond any measure), so that one such row does not end a search. The exception costs a subtransaction, which
-- is 2 of the 7 µs a payload of 300 bytes takes.
CREATE FUNCTION surelay_json(content_type text, payload bytea) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  IF content_type !~* '^[^;]*[/+]json\s*(;|$)' THEN
    RETURN NULL;
  END IF;
  RETURN convert_from(payload, 'UTF8')::jsonb;
EXCEPTION WHEN data_exception OR program_limit_exceeded THEN
  RETURN NULL;
END $$;
