import type { Queryable } from "../db.ts";

/** Messages that one app stored for one topic. */
export interface Intake {
  appId: number;
  topicId: number;
  /** In the last five whole minutes. */
  lastFive: number;
}

/** Who stores how much where just now, from the counters. Pairs without a message in that time are absent. */
export async function readIntake(db: Queryable): Promise<Intake[]> {
  const { rows } = await db.query<Intake>(
    `WITH present AS (SELECT date_bin('1 minute', now(), timestamptz 'epoch') AS minute)
     SELECT app_id AS "appId", topic_id AS "topicId", sum(stored)::float8 AS "lastFive"
     FROM present CROSS JOIN LATERAL (
       SELECT app_id, topic_id, stored FROM message_flow
       WHERE minute >= present.minute - interval '5 minutes' AND minute < present.minute
       UNION ALL
       SELECT app_id, topic_id, stored FROM message_flow_history
       WHERE minute >= present.minute - interval '5 minutes' AND minute < present.minute) f
     GROUP BY 1, 2 HAVING sum(stored) > 0`,
  );
  return rows;
}

/** What one app and one topic have had to do with each other. */
export interface Usage {
  app: string;
  topic: string;
  /** Messages stored in the last 24 hours. */
  stored: number;
  /** Beginning of the minute of the last one. */
  lastMinute: Date;
}

/** The topics that an app sends to, or the apps that send to a topic, over the last 24 hours; the busiest first. */
export async function readUsage(
  db: Queryable,
  of: { appId: number } | { topicId: number },
): Promise<Usage[]> {
  const [column, id] = "appId" in of ? ["app_id", of.appId] : ["topic_id", of.topicId];
  const part = (table: string) => `SELECT app_id, topic_id, minute, stored FROM ${table}
    WHERE minute >= now() - interval '24 hours' AND ${column} = $1 AND stored > 0`;
  const { rows } = await db.query<Usage>(
    `SELECT app.name AS app, topic.name AS topic, f.stored, f.last AS "lastMinute"
     FROM (SELECT app_id, topic_id, sum(stored)::float8 AS stored, max(minute) AS last
           FROM (${part("message_flow")} UNION ALL ${part("message_flow_history")}) every GROUP BY 1, 2) f
     JOIN app ON app.id = f.app_id JOIN topic ON topic.id = f.topic_id
     ORDER BY f.stored DESC, app.name, topic.name`,
    [id],
  );
  return rows;
}
