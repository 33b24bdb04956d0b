-- A password that somebody else chose counts until its owner has replaced it, and opens nothing but that.
ALTER TABLE auth_user ADD COLUMN must_change_password boolean NOT NULL DEFAULT false;

-- When a session's browser was heard of last; written at most once a minute.
ALTER TABLE auth_session ADD COLUMN last_seen_at timestamptz(3) NOT NULL DEFAULT now();

-- The audit page's filters. Each ends in id, which is the order of reading: a page is a stretch of one index.
CREATE INDEX audit_log_actor_name_id_idx ON audit_log (actor_name, id);
CREATE INDEX audit_log_action_id_idx ON audit_log (action, id);
CREATE INDEX audit_log_target_kind_target_id_id_idx ON audit_log (target_kind, target_id, id);
DROP INDEX audit_log_target_kind_target_id_idx;
