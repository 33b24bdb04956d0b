import type { inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "@/server/trpc/router.ts";

type Audit = inferRouterOutputs<AppRouter>["audit"];
export type AuditLine = Audit["list"]["lines"][number];
export type AuditDetail = Audit["read"];

export const keyOfLine = ({ id }: AuditLine): string => id;

/** Whether one line stands above another: the later one. Numbers of 64 bits. */
export const isAbove = (one: AuditLine, other: AuditLine): boolean => BigInt(one.id) > BigInt(other.id);

/** The console's page about what a line is about; null: there is none. */
export function hrefOfTarget({ targetKind, targetId }: AuditLine): string | null {
  const id = encodeURIComponent(targetId);
  switch (targetKind) {
    case "message":
      return `/messages/${id}`;
    case "app":
      return `/apps/${id}`;
    case "topic":
    case "broker_topic":
      return `/topics/${id}`;
    case "outbox_source":
      return `/outbox/${id}`;
    case "search":
      return `/search?q=${id}`;
    case "api_key":
      return "/keys";
    case "worker":
    case "lane":
      return "/workers";
    case "user":
      return targetId === "unknown" ? null : `/operators?peek=${id}`;
    default:
      return null;
  }
}
