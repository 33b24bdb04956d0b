/** Whom a first sign-in by the identity provider makes an account for. */
export const OIDC_CREATE = ["anyone", "mapped", "invited"] as const;
export type OidcCreate = (typeof OIDC_CREATE)[number];
