const KNOWN = [
  "suspended",
  "not_invited",
  "name_taken",
  "no_name",
  "access_denied",
  "provider_unreachable",
] as const;

/** Why coming back from the identity provider failed, as far as there are words for it. */
export type ProviderError = (typeof KNOWN)[number] | "failed";

/** @param value the address's `error`; null: there was no failure */
export function providerError(value: string | string[] | undefined): ProviderError | null {
  if (typeof value !== "string" || value === "") return null;
  return KNOWN.find((known) => known === value.toLowerCase()) ?? "failed";
}
