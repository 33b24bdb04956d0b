import type { Queryable } from "../../db.ts";
import { findApp } from "../../store/apps.ts";
import { findTopic } from "../../store/topics.ts";

/** Whose messages, of which topic, of what time. */
export interface MessageScope {
  /** A topic's name; null: all. */
  topic: string | null;
  /** An app's name; null: all. */
  app: string | null;
  /** Only messages of the last so many seconds; null: `from` and `to` alone. */
  withinSeconds: number | null;
  /** Only messages of this moment or later. */
  from: Date | null;
  /** Only messages of before this moment. */
  to: Date | null;
}

export interface ResolvedScope {
  appId: number | null;
  topicId: number | undefined;
  from: Date | undefined;
  to: Date | undefined;
}

/** The ids and moments behind a scope; null: its app or topic does not exist. `withinSeconds` counts on this clock. */
export async function resolveScope(db: Queryable, scope: MessageScope): Promise<ResolvedScope | null> {
  const [topic, app] = await Promise.all([
    scope.topic === null ? undefined : findTopic(db, scope.topic),
    scope.app === null ? undefined : findApp(db, scope.app),
  ]);
  if (topic === null || app === null) return null;
  const since = scope.withinSeconds === null ? null : new Date(Date.now() - scope.withinSeconds * 1000);
  return {
    appId: app?.id ?? null,
    topicId: topic?.id,
    from: later(scope.from, since) ?? undefined,
    to: scope.to ?? undefined,
  };
}

function later(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}
