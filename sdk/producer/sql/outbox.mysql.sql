-- The local message table: messages that leave with the transaction that wrote them. Surelay's collector reads them in the
-- order of `seq`, stores them, and deletes them here. Times are UTC.
CREATE TABLE surelay_outbox (
  seq          BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  id           CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  topic        VARCHAR(249) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  message_key  VARCHAR(1024) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  type         VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  business_key VARCHAR(1024) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  content_type VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin,
  headers      LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  traceparent  VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin,
  payload      LONGBLOB NOT NULL,
  deliver_at   DATETIME(3),
  created_at   DATETIME(3) NOT NULL DEFAULT (UTC_TIMESTAMP(3))
) ENGINE = InnoDB;

-- What the collector's user needs:
-- GRANT SELECT, DELETE ON surelay_outbox TO <user>;
