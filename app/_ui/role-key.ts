const KNOWN = ["viewer", "operator", "admin"] as const;

/** The role's name in the catalogue; `none` for one that this version does not know. */
export function roleKey(role: string | null): (typeof KNOWN)[number] | "none" {
  return KNOWN.find((known) => known === role) ?? "none";
}
