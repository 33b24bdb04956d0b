import type { Queryable } from "../db.ts";
import type { CheckSettings } from "../domain/check-policy.ts";
import { CHECK_COLUMNS } from "./check-apps.ts";

/** An app beside what is known of its API keys. */
export interface AppWithKeys {
  id: number;
  name: string;
  checkUrl: string | null;
  checkAfterSeconds: number | null;
  /** How it is asked beside that; null: the default of server/domain/check-policy.ts. */
  check: CheckSettings;
  /** From 1; raised when its signing secret is changed. */
  secretVersion: number;
  /** When its signing secret was changed last; for 24 hours after, requests carry both signatures. */
  secretRotatedAt: Date | null;
  contact: string | null;
  createdAt: Date;
  updatedAt: Date;
  /** Keys that are not revoked. */
  keys: number;
  /** When one of its keys was used last, to about ten seconds. */
  lastUsedAt: Date | null;
  /** When a topology file was applied that changed it; null: never. */
  appliedAt: Date | null;
  /** When an operator changed it in the console; null: never. */
  changedAt: Date | null;
}

/** Apps by name; with a name that one alone. There are as many as somebody declared: hundreds, not millions. */
export async function readAppRows(db: Queryable, name: string | null): Promise<AppWithKeys[]> {
  const { rows } = await db.query<AppWithKeys>(
    `SELECT app.id, app.name, check_url AS "checkUrl", check_after_seconds AS "checkAfterSeconds", ${CHECK_COLUMNS},
            secret_version AS "secretVersion", secret_rotated_at AS "secretRotatedAt", contact, app.created_at AS "createdAt", app.updated_at AS "updatedAt", coalesce(key.active, 0) AS keys,
            key.used AS "lastUsedAt", touched."appliedAt", touched."changedAt"
     FROM app
     LEFT JOIN (SELECT app_id, count(*) FILTER (WHERE revoked_at IS NULL)::int AS active, max(last_used_at) AS used
                FROM api_key GROUP BY app_id) key ON key.app_id = app.id
     LEFT JOIN (${touched("app")}) touched ON touched.target_id = app.name
     WHERE $1::text IS NULL OR app.name = $1 ORDER BY app.name`,
    [name],
  );
  return rows;
}

/** A topic as operators see it. */
export interface TopicForOperator {
  id: number;
  name: string;
  partitions: number;
  hasSchema: boolean;
  masked: boolean;
  faultCode: string | null;
  faultDetail: string | null;
  faultSince: Date | null;
  pausedAt: Date | null;
  pausedBy: string | null;
  pauseReason: string | null;
  createdAt: Date;
  updatedAt: Date;
  /** When a topology file was applied that changed it; null: never. */
  appliedAt: Date | null;
  /** When an operator changed it in the console; null: never. */
  changedAt: Date | null;
}

/** Topics by name, their schemas apart; with a name that one alone. */
export async function readTopicRows(db: Queryable, name: string | null): Promise<TopicForOperator[]> {
  const { rows } = await db.query<TopicForOperator>(
    `SELECT topic.id, topic.name, partitions, schema IS NOT NULL AS "hasSchema", masked, fault_code AS "faultCode",
            fault_detail AS "faultDetail", fault_since AS "faultSince", paused_at AS "pausedAt", paused_by AS "pausedBy",
            pause_reason AS "pauseReason", created_at AS "createdAt", updated_at AS "updatedAt", touched."appliedAt", touched."changedAt"
     FROM topic LEFT JOIN (${touched("topic")}) touched ON touched.target_id = topic.name
     WHERE topic.kind = 'main' AND ($1::text IS NULL OR topic.name = $1) ORDER BY topic.name`,
    [name],
  );
  return rows;
}

/** Entries of the audit log without an operator are the command line's: what it declares it does by `apply`. */
function touched(kind: "app" | "topic"): string {
  return `SELECT target_id, max(at) FILTER (WHERE actor_id IS NULL) AS "appliedAt",
                 max(at) FILTER (WHERE actor_id IS NOT NULL) AS "changedAt"
          FROM audit_log WHERE target_kind = '${kind}' AND action IN ('${kind}.create', '${kind}.change')
            AND ($1::text IS NULL OR target_id = $1) GROUP BY target_id`;
}

/** Who changed an app, a topic or an outbox source last, and when. */
export async function readLastChange(
  db: Queryable,
  kind: "app" | "topic" | "outbox_source" | "subscription",
  name: string,
): Promise<{ by: string; at: Date } | null> {
  const { rows } = await db.query<{ by: string; at: Date }>(
    `SELECT actor_name AS by, at FROM audit_log WHERE target_kind = $1 AND target_id = $2 ORDER BY id DESC LIMIT 1`,
    [kind, name],
  );
  return rows[0] ?? null;
}
