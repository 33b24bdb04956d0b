import type { Queryable } from "../../db.ts";
import type { SurelayError } from "../../errors.ts";
import { readContents } from "../../store/find-messages.ts";
import { insertPrepared, insertReady } from "../../store/store-messages.ts";
import { judgeRepeat, type Stored, type Submission } from "./judge-repeat.ts";

/**
 * Stores a flush of prepare or send. Of several items with one id the first is stored; the others, like those stored by
 * earlier calls, are compared with what stands there.
 */
export async function storeFlush(
  kind: "prepare" | "send",
  db: Queryable,
  items: readonly Submission[],
): Promise<(Stored | SurelayError)[]> {
  const fresh = new Map<string, Submission>();
  for (const item of items) if (item.verdict === "ok" && !fresh.has(item.id)) fresh.set(item.id, item);
  const insert = kind === "prepare" ? insertPrepared : insertReady;
  const stored = fresh.size > 0 ? await insert(db, [...fresh.values()]) : new Map<string, never>();
  const isStoredNow = (item: Submission) => stored.has(item.id) && fresh.get(item.id) === item;

  if (stored.size === items.length)
    return items.map((item) => ({ id: item.id, state: stored.get(item.id)!, isNew: true }));
  const before = new Set<string>();
  for (const item of items) if (!isStoredNow(item)) before.add(item.id);
  const contents = await readContents(db, [...before]);
  return items.map((item) =>
    isStoredNow(item)
      ? { id: item.id, state: stored.get(item.id)!, isNew: true }
      : judgeRepeat(kind, item, contents.get(item.id)),
  );
}
