-- Cohorts of deliveries that nobody will depart from any more, as message_flow_history holds those of messages: what waits
-- is read from delivery_flow alone, which stays as small as the backlog.
CREATE TABLE delivery_flow_history (
  minute          timestamptz(3) NOT NULL,
  state           delivery_state NOT NULL,
  subscription_id integer NOT NULL,
  entered         integer NOT NULL,
  PRIMARY KEY (minute, state, subscription_id)
) WITH (autovacuum_vacuum_scale_factor = 0.05);
