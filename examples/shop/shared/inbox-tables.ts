/**
 * As `npx surelay-consumer ddl --dialect postgresql` prints them, to be run at every start: what a consumer handled, in its
 * own database.
 */
export const INBOX_TABLES = `
  -- Surelay: one row per message that was handled, written by the transaction of its effect: a message that comes again finds
  -- it and is not handled twice. A row without \`finished_at\` is a start that was noted because a process had died before;
  -- \`starts\` counts how often it was begun and not finished.
  CREATE TABLE IF NOT EXISTS surelay_inbox (
    message_id   uuid NOT NULL,
    subscription text NOT NULL,
    attempt      integer NOT NULL,
    starts       integer NOT NULL DEFAULT 0,
    started_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at  timestamptz,
    PRIMARY KEY (message_id, subscription)
  );

  -- How far in each partition a living consumer may have got. A row that nobody took away tells of a process that died.
  CREATE TABLE IF NOT EXISTS surelay_inbox_reach (
    subscription     text NOT NULL,
    topic            text NOT NULL,
    broker_partition integer NOT NULL,
    reach            bigint NOT NULL,
    owner            text NOT NULL,
    marked_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (subscription, topic, broker_partition)
  ) WITH (fillfactor = 50);`;
