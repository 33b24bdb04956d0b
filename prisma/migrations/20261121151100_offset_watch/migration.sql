-- Which process watches the committed offsets of a topic's consumer groups. Everything it does may be done twice; the lease
-- only keeps replicas from asking the broker as often as there are replicas.
CREATE TABLE offset_watch (
  topic_id integer PRIMARY KEY REFERENCES topic (id) ON UPDATE CASCADE ON DELETE CASCADE,
  owner    text NOT NULL,
  until    timestamptz(3) NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
