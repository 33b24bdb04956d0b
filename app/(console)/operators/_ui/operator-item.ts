import type { inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "@/server/trpc/router.ts";

export type OperatorItem = inferRouterOutputs<AppRouter>["operators"]["list"][number];

/** How people can sign in here, by the configuration. */
export interface Ways {
  passwords: boolean;
  provider: boolean;
  /** The identity provider names the roles of those who come from it. */
  rolesFromProvider: boolean;
}

export type OperatorStatus = "active" | "suspended" | "temporary" | "invited" | "noAccess";

/** The one thing about an account that says whether its owner can work. */
export function statusOf(operator: OperatorItem): OperatorStatus {
  if (operator.suspended) return "suspended";
  if (operator.role === null) return "noAccess";
  if (operator.signIn === "invited") return "invited";
  return operator.mustChangePassword ? "temporary" : "active";
}

/** Whether this is the only admin who can sign in. */
export function isLastAdmin(operator: OperatorItem, all: readonly OperatorItem[]): boolean {
  const admins = all.filter(({ role, suspended }) => role === "admin" && !suspended);
  return admins.length === 1 && admins[0]!.id === operator.id;
}
