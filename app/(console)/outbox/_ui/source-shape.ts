import type { inferRouterOutputs } from "@trpc/server";
import type { OutboxSourceSpec } from "@/server/domain/outbox-source.ts";
import type { AppRouter } from "@/server/trpc/router.ts";

type Outputs = inferRouterOutputs<AppRouter>["sources"];

export type SourceRow = Outputs["list"][number];
export type SourceDetail = Outputs["read"];
export type ConnectionTest = Outputs["test"];
export type RefusedRow = SourceDetail["refused"][number];

/** Of anything that holds a declaration, the declaration alone. */
export function specOf(source: OutboxSourceSpec): OutboxSourceSpec {
  const { name, app, kind, layout, connection, table, topicPattern, orderColumn } = source;
  return { name, app, kind, layout, connection, table, topicPattern, orderColumn };
}
