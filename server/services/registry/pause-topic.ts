import { inTransaction, type Pool } from "../../db.ts";
import { SurelayError } from "../../errors.ts";
import { pauseTopic as pause, resumeTopic as resume } from "../../store/pauses.ts";
import { findTopic } from "../../store/topics.ts";
import type { Acting } from "./acting.ts";
import { recordPause } from "./record-pause.ts";

/**
 * Keeps a topic's messages from being sent, or lets them go on. Intake goes on all the while; nothing is lost, and the
 * order per key holds.
 *
 * @returns `changed` false: it was so already; nothing was written
 * @throws SurelayError `not_found`
 */
export function pauseTopic(
  db: Pool,
  change: { name: string; paused: boolean },
  by: Acting,
): Promise<{ changed: boolean }> {
  const { name, paused } = change;
  return inTransaction(db, async (tx) => {
    const topic = await findTopic(tx, name);
    const reason = by.reason ?? null;
    const done =
      topic &&
      (await (paused ? pause(tx, topic.id, { by: by.actor.username, reason }) : resume(tx, topic.id)));
    if (!done) throw new SurelayError("not_found", `There is no topic ${JSON.stringify(name)}.`);
    return recordPause(tx, by, { kind: "topic", id: name, paused }, done);
  });
}
