/** An environment for a program that none of the caller's variables (PG…, locale, time zone) may lead astray. */
export function bareEnvironment(extra: Record<string, string | undefined> = {}): NodeJS.ProcessEnv {
  // The web framework's types demand NODE_ENV everywhere; these programs have no use for it.
  return { PATH: process.env.PATH, LC_ALL: "C", ...extra } as unknown as NodeJS.ProcessEnv;
}
