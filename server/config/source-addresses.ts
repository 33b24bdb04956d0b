/** Beginning of the variables that hold addresses of business databases; see server/domain/outbox-source.ts. */
export const SOURCE_ADDRESS = /^SURELAY_SOURCE_[A-Z0-9_]{1,64}$/;

/** Addresses of business databases by the names of their variables. They hold passwords and are shown to nobody. */
export type SourceAddresses = ReadonlyMap<string, string>;

/** The addresses that the environment holds. Empty ones count as unset. */
export function readSourceAddresses(env: Record<string, string | undefined>): SourceAddresses {
  return new Map(
    Object.entries(env).flatMap(([name, value]) =>
      SOURCE_ADDRESS.test(name) && value !== undefined && value !== "" ? [[name, value] as const] : [],
    ),
  );
}
