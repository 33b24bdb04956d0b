import type { Pool } from "../../server/db.ts";
import { partitionDaysAhead } from "../../server/store/partitions.ts";
import type { Readiness } from "../runtime/health-server.ts";

const FRESH_MS = 1000;
const TIMEOUT_MS = 2000;

/**
 * Whether the store can take messages: it answers, and has partitions for tomorrow's ids. Asked at most once a second
 * however often it is called, and answered within two whatever the database does.
 */
export function storeReadiness(pool: Pool): () => Promise<Readiness> {
  let asked = { at: -Infinity, answer: Promise.resolve<Readiness>({ ready: false, checks: {} }) };
  return () => {
    const now = performance.now();
    if (now - asked.at > FRESH_MS) asked = { at: now, answer: ask(pool) };
    return asked.answer;
  };
}

async function ask(pool: Pool): Promise<Readiness> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("no answer in time")), TIMEOUT_MS);
  });
  try {
    const days = await Promise.race([partitionDaysAhead(pool), late]);
    return {
      ready: days >= 1,
      checks: { database: "reachable", partitions: days >= 1 ? `${days} days ahead` : "none for tomorrow" },
    };
  } catch {
    return { ready: false, checks: { database: "not reachable" } };
  } finally {
    clearTimeout(timer);
  }
}
