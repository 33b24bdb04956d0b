/**
 * What is sent of a message: its newest version (server/store/message-versions.ts), which an operator has made, or the
 * content as it was stored. For statements that have the message's row as `m`.
 */
export const NEWEST_CONTENT = {
  /** As READY rows and resends are read: see `ReadyRow`. */
  columns: `m.key, m.type, m.business_key, coalesce(e.content_type, m.content_type) AS content_type,
           CASE WHEN e.content_type IS NULL THEN m.headers ELSE e.headers END AS headers, m.traceparent,
           coalesce(e.payload, m.payload) AS payload`,
  /** Its size is known without fetching it. */
  bytes: "octet_length(coalesce(e.payload, m.payload))",
  /**
   * @param id of the message
   * @param when what must hold for there to be a version at all: a row that it rules out costs no look-up
   */
  join: (id: string, when: string): string => `LEFT JOIN LATERAL (
      SELECT v.content_type, v.headers, v.payload FROM message_version v
      WHERE ${when} AND v.message_id = ${id} ORDER BY v.message_id, v.version DESC LIMIT 1
    ) e ON true`,
};
