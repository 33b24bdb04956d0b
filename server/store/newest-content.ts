const CONTENT_TYPE = "coalesce(e.content_type, m.content_type)";
const HEADERS = "CASE WHEN e.content_type IS NULL THEN m.headers ELSE e.headers END";
const PAYLOAD = "coalesce(e.payload, m.payload)";

/**
 * What is sent of a message: its newest version (server/store/message-versions.ts), which an operator has made, or the
 * content as it was stored. For statements that have the message's row as `m`.
 */
export const NEWEST_CONTENT = {
  contentType: CONTENT_TYPE,
  headers: HEADERS,
  payload: PAYLOAD,
  /** As READY rows and resends are read: see `ReadyRow`. */
  columns: `m.key, m.type, m.business_key, ${CONTENT_TYPE} AS content_type, ${HEADERS} AS headers, m.traceparent,
           ${PAYLOAD} AS payload`,
  /** Its size is known without fetching it. */
  bytes: `octet_length(${PAYLOAD})`,
  /**
   * @param id of the message
   * @param when what must hold for a version `v` to count: a row that it rules out by itself costs no look-up
   */
  join: (id: string, when: string): string => `LEFT JOIN LATERAL (
      SELECT v.content_type, v.headers, v.payload FROM message_version v
      WHERE ${when} AND v.message_id = ${id} ORDER BY v.message_id, v.version DESC LIMIT 1
    ) e ON true`,
};
