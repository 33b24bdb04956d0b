"use client";
import { useTranslations } from "next-intl";
import { useConsoleFacts } from "./console-context.tsx";
import { type CurrentOperator, useOperator } from "./operator-context.tsx";
import { roleKey } from "./role-key.ts";

export type PermissionName = CurrentOperator["permissions"][number];

/**
 * Why an operator may not use a control, in words; null: may. The role speaks first, then what stands in the way.
 * @param permission null: everybody may
 */
export function useGate(permission: PermissionName | null, blocked?: string | null): string | null {
  const t = useTranslations();
  const { permissions, role } = useOperator();
  const { holders } = useConsoleFacts();
  if (permission === null || permissions.includes(permission)) return blocked ?? null;
  const weakest = roleKey(holders[permission]?.[0] ?? null);
  const own = t(`roles.${roleKey(role)}`);
  if (weakest === "none") return t("errors.nobodyMay");
  return t("errors.roleMayNot", { role: own, needed: t(`roles.${weakest}`) });
}
