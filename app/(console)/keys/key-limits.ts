import "server-only";
import { consoleRuntime } from "../../_server/console-runtime.ts";

/** What the service's settings say about keys. */
export function keyLimits() {
  const { SURELAY_KEY_CACHE_SECONDS, SURELAY_RATE_PER_KEY } = consoleRuntime().config;
  return { cacheSeconds: SURELAY_KEY_CACHE_SECONDS, defaultRate: SURELAY_RATE_PER_KEY };
}
