import type { Pool } from "../db.ts";
import type { Log } from "../log.ts";
import { touchSession } from "../store/sessions.ts";

const EVERY_MS = 60_000;
const MOST = 10_000;
/** Sessions this process wrote about lately, and when (ms). */
const written = new Map<string, number>();

/** Notes that a session is in use, at most once a minute and beside the request: nobody waits for it. */
export function noteSeen(db: Pool, log: Log, sessionId: string): void {
  const now = Date.now();
  if (now - (written.get(sessionId) ?? 0) < EVERY_MS) return;
  if (written.size > MOST) written.clear();
  written.set(sessionId, now);
  touchSession(db, sessionId).catch((error: unknown) => {
    written.delete(sessionId);
    log.debug({ err: error }, "a session's last use was not noted");
  });
}
