-- Surelay: one row per message, in the database of the business transaction. The transaction inserts 'committed'; a
-- check-back inserts 'rolled_back'; the primary key lets only one of them stand. `at` is UTC.
CREATE TABLE IF NOT EXISTS surelay_barrier (
  message_id char(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  outcome    enum('committed', 'rolled_back') NOT NULL,
  at         datetime(3) NOT NULL DEFAULT (utc_timestamp(3))
) ENGINE = InnoDB;
