-- What a group has in hand, for the deadlines of what it has not read (server/domain/ack-deadline.ts).
-- `head_offset`: of a group that stands still, the first record it has not passed; null: it moves, or has read everything.
-- `attended_at`: since when it has been seen to have members while it stands so; null: nobody reads.
-- `trail_*`: where its committed offset was seen, oldest first, as far back as the acknowledgement's time allowed.
ALTER TABLE group_progress
  ADD COLUMN head_offset  bigint,
  ADD COLUMN head_at      timestamptz(3),
  ADD COLUMN attended_at  timestamptz(3),
  ADD COLUMN trail_at     timestamptz(3)[] NOT NULL DEFAULT '{}',
  ADD COLUMN trail_offset bigint[] NOT NULL DEFAULT '{}',
  ADD CONSTRAINT group_progress_head CHECK ((head_offset IS NULL) = (head_at IS NULL)),
  ADD CONSTRAINT group_progress_attended CHECK (attended_at IS NULL OR head_offset IS NOT NULL),
  ADD CONSTRAINT group_progress_trail CHECK (cardinality(trail_at) = cardinality(trail_offset));
