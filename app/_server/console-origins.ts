import type { Config } from "@/server/config/config.ts";

/**
 * Where browsers find the console. With SURELAY_CONSOLE_URL just there; without, on this machine under each of the names
 * that a person types for it.
 */
export function consoleOrigins(config: Pick<Config, "SURELAY_CONSOLE_URL" | "SURELAY_CONSOLE_PORT">): {
  baseUrl: string;
  origins: string[];
} {
  if (config.SURELAY_CONSOLE_URL !== undefined) {
    const { origin } = new URL(config.SURELAY_CONSOLE_URL);
    return { baseUrl: origin, origins: [origin] };
  }
  const origins = ["127.0.0.1", "localhost", "[::1]"].map(
    (host) => `http://${host}:${config.SURELAY_CONSOLE_PORT}`,
  );
  return { baseUrl: origins[0]!, origins };
}
