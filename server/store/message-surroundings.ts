import type { Queryable } from "../db.ts";
import type { MessageState } from "../domain/message-state.ts";

/** Where a message stands among others: its lane, who has it, and how often it was given out. */
export interface MessageStanding {
  /** What the record's `surelay-attempt` says, or will say. */
  attempt: number;
  /** When it last came into a state that neither storing nor deciding tells of. */
  movedAt: Date | null;
  /** The relay that holds its lane; null: none does, by the database's clock. */
  laneOwner: string | null;
  laneFault: string | null;
  lanePausedAt: Date | null;
  topicPausedAt: Date | null;
  /** READY messages of the lane that go before this one, at most `AHEAD_LIMIT`; null: this one is not waiting. */
  ahead: number | null;
}

/** Beyond this many messages ahead it only matters that they are many. */
export const AHEAD_LIMIT = 1000;

/** By primary keys and the relay's own partial index, so it costs the same however long the backlog is. */
export async function readMessageStanding(db: Queryable, id: string): Promise<MessageStanding | null> {
  const { rows } = await db.query<MessageStanding>({
    name: "read-message-standing",
    text: `SELECT s.attempt, s.moved_at AS "movedAt",
                  CASE WHEN l.expires_at > clock_timestamp() THEN l.owner END AS "laneOwner",
                  l.fault_detail AS "laneFault", l.paused_at AS "lanePausedAt", topic.paused_at AS "topicPausedAt",
                  CASE WHEN s.state = 'READY' AND s.held_at IS NULL THEN (
                    SELECT count(*)::int FROM (
                      SELECT FROM message_state a
                      WHERE a.lane = s.lane AND a.state = 'READY' AND a.held_at IS NULL AND a.ready_seq < s.ready_seq
                      ORDER BY a.lane, a.ready_seq LIMIT $2) before)
                  END AS ahead
           FROM message_state s JOIN topic ON topic.id = s.topic_id LEFT JOIN lane l ON l.lane = s.lane
           WHERE s.id = $1`,
    values: [id, AHEAD_LIMIT],
  });
  return rows[0] ?? null;
}

/** Another message about the same business object. */
export interface Neighbour {
  id: string;
  app: string;
  topic: string;
  type: string | null;
  state: MessageState;
  storedAt: Date;
}

/**
 * Other messages with this business key, of whichever app, newest first. The index leads with the app, so each app is a
 * probe of its own: there are as many apps as somebody declared.
 */
export async function readNeighbours(
  db: Queryable,
  of: { id: string; businessKey: string; limit: number },
): Promise<Neighbour[]> {
  const { rows } = await db.query<Neighbour>({
    name: "read-neighbours",
    text: `SELECT m.id, m.app, topic.name AS topic, m.type, s.state, s.stored_at AS "storedAt"
           FROM (SELECT found.id, app.name AS app, found.topic_id, found.type
                 FROM app CROSS JOIN LATERAL (
                   SELECT id, topic_id, type FROM message
                   WHERE app_id = app.id AND business_key = $2 AND id <> $1 ORDER BY id DESC LIMIT $3) found
                 ORDER BY found.id DESC LIMIT $3) m
           JOIN message_state s ON s.id = m.id JOIN topic ON topic.id = m.topic_id
           ORDER BY m.id DESC`,
    values: [of.id, of.businessKey, of.limit],
  });
  return rows;
}

/** What an operator did to a message, or looked at. */
export interface MessageAudit {
  /** Exact; bigger than a double holds. */
  id: bigint;
  at: Date;
  actor: string;
  action: string;
  reason: string | null;
}

/**
 * Audit entries about a message, oldest first; of more than `limit` the newest.
 * @param except actions that a recorded event tells of already
 */
export async function readMessageAudit(
  db: Queryable,
  of: { id: string; except: readonly string[]; limit: number },
): Promise<MessageAudit[]> {
  const { rows } = await db.query<Omit<MessageAudit, "id"> & { id: string }>({
    name: "read-message-audit",
    text: `SELECT id, at, actor_name AS actor, action, reason FROM audit_log
           WHERE target_kind = 'message' AND target_id = $1 AND action <> ALL ($2::text[])
           ORDER BY id DESC LIMIT $3`,
    values: [of.id, of.except, of.limit],
  });
  return rows.map((row) => ({ ...row, id: BigInt(row.id) })).toReversed();
}
