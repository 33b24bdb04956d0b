import { OperatorError } from "../errors.ts";
import type { Config } from "./config.ts";
import type { OidcCreate } from "./oidc-create.ts";

/** Single sign-on by OpenID Connect. */
export interface OidcSettings {
  /** Exactly as the provider writes it into its tokens. */
  issuer: string;
  clientId: string;
  clientSecret: string;
  scopes: string[];
  /** What the button says one signs in with. */
  name: string;
  /** Which claim is the sign-in name. */
  usernameClaim: string;
  /** Which claim names roles or groups; null: roles are given in the console. */
  roleClaim: string | null;
  /** Value of the claim → role, in the order written. */
  roles: { value: string; role: string }[];
  create: OidcCreate;
}

/**
 * The part of the configuration that is about single sign-on; null: there is none.
 * @throws OperatorError `bad_configuration` for settings that do not fit together
 */
export function oidcSettings(config: Config): OidcSettings | null {
  const faults = oidcFaults(config);
  if (faults.length > 0)
    throw new OperatorError(
      "bad_configuration",
      `The configuration is not usable:\n  ${faults.join("\n  ")}`,
    );
  if (config.SURELAY_OIDC_ISSUER === undefined) return null;
  return {
    issuer: config.SURELAY_OIDC_ISSUER,
    clientId: config.SURELAY_OIDC_CLIENT_ID!,
    clientSecret: config.SURELAY_OIDC_CLIENT_SECRET!,
    scopes: config.SURELAY_OIDC_SCOPES,
    name: config.SURELAY_OIDC_NAME ?? new URL(config.SURELAY_OIDC_ISSUER).host,
    usernameClaim: config.SURELAY_OIDC_USERNAME_CLAIM,
    roleClaim: config.SURELAY_OIDC_ROLE_CLAIM ?? null,
    roles: config.SURELAY_OIDC_ROLES,
    create: config.SURELAY_OIDC_CREATE,
  };
}

function oidcFaults(config: Config): string[] {
  const faults: string[] = [];
  const issuer = config.SURELAY_OIDC_ISSUER;
  if (issuer === undefined) {
    if (!config.SURELAY_PASSWORD_SIGN_IN)
      faults.push("SURELAY_PASSWORD_SIGN_IN: off needs SURELAY_OIDC_ISSUER, or nobody could sign in");
    return faults;
  }
  const { protocol, hostname } = new URL(issuer);
  if (protocol !== "https:" && !["127.0.0.1", "[::1]", "localhost"].includes(hostname))
    faults.push("SURELAY_OIDC_ISSUER: expected https; http is for this machine's own addresses only");
  for (const name of ["SURELAY_OIDC_CLIENT_ID", "SURELAY_OIDC_CLIENT_SECRET"] as const)
    if (config[name] === undefined) faults.push(`${name}: needed beside SURELAY_OIDC_ISSUER`);
  const mapped = config.SURELAY_OIDC_ROLES.length > 0;
  if (mapped !== (config.SURELAY_OIDC_ROLE_CLAIM !== undefined))
    faults.push("SURELAY_OIDC_ROLE_CLAIM and SURELAY_OIDC_ROLES: one needs the other");
  if (config.SURELAY_OIDC_CREATE === "mapped" && !mapped)
    faults.push("SURELAY_OIDC_CREATE: mapped needs SURELAY_OIDC_ROLES");
  return faults;
}
