import { AsyncLocalStorage } from "node:async_hooks";
import { betterAuth } from "better-auth";
import { APIError } from "better-auth/api";
import { genericOAuth } from "better-auth/plugins";
import type { OidcSettings } from "../config/oidc-settings.ts";
import type { Pool } from "../db.ts";
import { appendAudit } from "../store/audit.ts";
import { OIDC_PROVIDER } from "../store/operators.ts";
import { type Admission, type Identity, admitIdentity } from "./admit-identity.ts";
import { type Claims, claimAt, claimsOf, mapRole, textClaim } from "./oidc-claims.ts";
import { type OperatorAuthOptions, byName, commonOptions } from "./operator-auth.ts";

/** Longest wait for one answer of the identity provider, ms. */
const PROVIDER_TIMEOUT_MS = 10_000;

/** Where the sign-in under way comes from, for what is written down while the library works. */
export const signInOrigin = new AsyncLocalStorage<{ ip?: string; userAgent?: string }>();

export interface OidcAuth {
  handler: (request: Request) => Promise<Response>;
}

/**
 * Sign-in by OpenID Connect: authorization code with PKCE, state bound to a cookie and kept in the database, nonce, the
 * ID token's signature, issuer, audience and expiry checked. The library does that much; who gets in is decided by
 * admitIdentity before it looks for an account, so it finds one or nobody, and it creates and joins nothing by itself.
 *
 * An instance apart from the one for passwords and sessions: it asks the provider for its addresses when it is made,
 * and a provider that is away must not keep anybody from working.
 *
 * @returns null: the provider does not answer, or its discovery document does not fit the configured issuer
 */
export async function createOidcAuth(
  options: OperatorAuthOptions,
  settings: OidcSettings,
): Promise<OidcAuth | null> {
  const discoveryUrl = `${settings.issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const discovery = await readJson(discoveryUrl);
  if (discovery?.["issuer"] !== settings.issuer) {
    options.log.error(
      { issuer: settings.issuer, says: discovery?.["issuer"] ?? null },
      "the identity provider does not answer, or calls itself otherwise than SURELAY_OIDC_ISSUER",
    );
    return null;
  }
  const auth = betterAuth({
    ...commonOptions(options),
    account: {
      updateAccountOnSignIn: false, // keeps the provider's tokens out of the database
      accountLinking: { enabled: false, disableImplicitLinking: true },
    },
    plugins: [
      byName(),
      genericOAuth({
        config: [
          {
            providerId: OIDC_PROVIDER,
            discoveryUrl,
            clientId: settings.clientId,
            clientSecret: settings.clientSecret,
            scopes: [...new Set(["openid", ...settings.scopes])],
            pkce: true,
            requireIdTokenVerification: true,
            disableSignUp: true,
            disableProviderLogout: true,
            accountSubject: ({ profile }) => String(profile["accountId"]),
            getUserInfo: async (tokens) => {
              const claims = await readClaims(settings, discovery, tokens);
              if (claims === null) return null;
              const identity = toIdentity(settings, claims);
              await admit(options.db, settings, identity);
              // The library insists on an e-mail address; this one is nobody's and is stored nowhere.
              return {
                accountId: identity.accountId,
                sub: identity.accountId,
                email: "nobody@oidc.invalid",
                emailVerified: false,
              };
            },
          },
        ],
      }),
    ],
  });
  const { socialProviders } = await auth.$context;
  return socialProviders.some(({ id }) => id === OIDC_PROVIDER) ? { handler: auth.handler } : null;
}

/**
 * What the provider says: the ID token, verified by the library before it asks for this, and what is configured to be
 * read but stands only in the userinfo answer. Null: no ID token, or one that is not of the configured issuer.
 */
async function readClaims(
  settings: OidcSettings,
  discovery: Claims,
  tokens: { idToken?: string; accessToken?: string },
): Promise<Claims | null> {
  const claims = tokens.idToken === undefined ? null : claimsOf(tokens.idToken);
  if (claims === null || claims["iss"] !== settings.issuer || typeof claims["exp"] !== "number") return null;
  if (typeof claims["sub"] !== "string" || claims["sub"] === "") return null;
  const wanted = [settings.usernameClaim, ...(settings.roleClaim === null ? [] : [settings.roleClaim])];
  const endpoint = discovery["userinfo_endpoint"];
  if (wanted.every((name) => claimAt(claims, name) !== undefined) || typeof endpoint !== "string")
    return claims;
  const more = await readJson(endpoint, tokens.accessToken);
  // An answer about somebody else must not add to this one (OpenID Connect Core 5.3.2).
  return more?.["sub"] === claims["sub"] ? { ...more, ...claims } : claims;
}

function toIdentity(settings: OidcSettings, claims: Claims): Identity {
  return {
    accountId: `${settings.issuer}|${String(claims["sub"])}`,
    username: textClaim(claims, settings.usernameClaim),
    name: textClaim(claims, "name")?.slice(0, 100) ?? null,
    role: settings.roleClaim === null ? undefined : mapRole(claims, settings.roleClaim, settings.roles),
  };
}

/** Admits, or sends the browser back to the sign-in page with the reason. */
async function admit(db: Pool, settings: OidcSettings, identity: Identity): Promise<void> {
  const from = signInOrigin.getStore() ?? {};
  const admission: Admission = await admitIdentity(db, settings, identity, from);
  if (!("refused" in admission)) return;
  await appendAudit(db, {
    ...from,
    actorId: null,
    actorName: "unknown",
    action: "session.refuse",
    targetKind: "user",
    targetId: identity.username ?? identity.accountId,
    after: { why: admission.refused, identity: identity.accountId },
  });
  const location = `/login?${new URLSearchParams({ error: admission.refused })}`;
  throw new APIError("FOUND", undefined, { location });
}

async function readJson(url: string, bearer?: string): Promise<Claims | null> {
  try {
    const response = await fetch(url, {
      headers: { accept: "application/json", ...(bearer ? { authorization: `Bearer ${bearer}` } : {}) },
      redirect: "error",
      signal: AbortSignal.timeout(PROVIDER_TIMEOUT_MS),
    });
    return response.ok ? ((await response.json()) as Claims) : null;
  } catch {
    return null;
  }
}
