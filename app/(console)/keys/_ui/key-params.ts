import { parseAsString, parseAsStringLiteral } from "nuqs";

export const KEY_STATES = ["active", "unused", "revoked", "all"] as const;
export type KeyState = (typeof KEY_STATES)[number];

/** What the address of the list holds. */
export const keyParams = {
  app: parseAsString,
  state: parseAsStringLiteral(KEY_STATES).withDefault("active"),
};

interface KeyTimes {
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

/** Whether a key belongs to the shown ones. Pure. */
export function isShown(key: KeyTimes, state: KeyState): boolean {
  if (state === "all") return true;
  if (state === "revoked") return key.revokedAt !== null;
  if (state === "unused") return key.revokedAt === null && key.lastUsedAt === null;
  return key.revokedAt === null;
}
