import { ROLES, type Role } from "./permissions.ts";

/** What an identity provider says of a person. */
export type Claims = Readonly<Record<string, unknown>>;

/** The claims of a token whose signature was verified by whoever calls; null: it holds none. */
export function claimsOf(token: string): Claims | null {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    return typeof claims === "object" && claims !== null && !Array.isArray(claims)
      ? (claims as Claims)
      : null;
  } catch {
    return null;
  }
}

/** A claim by its name, or by a path of members `a.b`: a name that holds dots itself is looked for first. */
export function claimAt(claims: Claims, name: string): unknown {
  if (name in claims) return claims[name];
  let value: unknown = claims;
  for (const part of name.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

/** A claim that is a text, without blanks at its ends; null: it is absent, empty or something else. */
export function textClaim(claims: Claims, name: string): string | null {
  const value = claimAt(claims, name);
  return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}

/**
 * The strongest role that a person's groups stand for; null: none of them stands for one.
 * @param mapping value of the claim → role; values are compared exactly
 */
export function mapRole(
  claims: Claims,
  roleClaim: string,
  mapping: readonly { value: string; role: string }[],
): Role | null {
  const value = claimAt(claims, roleClaim);
  const held = new Set<unknown>(Array.isArray(value) ? value : [value]);
  const roles = new Set(mapping.filter((pair) => held.has(pair.value)).map((pair) => pair.role));
  return ROLES.findLast((role) => roles.has(role)) ?? null;
}
