-- Surelay: one row per message that was handled, written by the transaction of its effect: a message that comes again finds
-- it and is not handled twice. A row without `finished_at` is a start that was noted because a process had died before;
-- `starts` counts how often it was begun and not finished. Times are UTC.
CREATE TABLE IF NOT EXISTS surelay_inbox (
  message_id   char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  subscription varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  attempt      int NOT NULL,
  starts       int NOT NULL DEFAULT 0,
  started_at   datetime(3) NOT NULL DEFAULT (utc_timestamp(3)),
  finished_at  datetime(3),
  PRIMARY KEY (message_id, subscription)
) ENGINE = InnoDB;

-- How far in each partition a living consumer may have got. A row that nobody took away tells of a process that died.
CREATE TABLE IF NOT EXISTS surelay_inbox_reach (
  subscription     varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  topic            varchar(249) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  broker_partition int NOT NULL,
  reach            bigint NOT NULL,
  owner            varchar(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  marked_at        datetime(3) NOT NULL DEFAULT (utc_timestamp(3)),
  PRIMARY KEY (subscription, topic, broker_partition)
) ENGINE = InnoDB;
