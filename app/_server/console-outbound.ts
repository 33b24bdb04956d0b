import { parseAllowedHosts } from "@/server/outbound/allowed-hosts.ts";
import { createGuardedAgents } from "@/server/outbound/guarded-agent.ts";
import type { ConsoleOutbound } from "@/server/services/check-back/outbound.ts";
import { consoleRuntime } from "./console-runtime.ts";

/** On globalThis, like the rest of what the process holds once. */
const KEY = Symbol.for("surelay.console.outbound");
const holder = globalThis as { [KEY]?: ConsoleOutbound };

/** What the console asks producers with. */
export function consoleOutbound(): ConsoleOutbound {
  return (holder[KEY] ??= create());
}

function create(): ConsoleOutbound {
  const { config } = consoleRuntime();
  return {
    master: config.SURELAY_SIGNING_SECRET,
    agents: createGuardedAgents(parseAllowedHosts(config.SURELAY_ALLOWED_HOSTS)),
    afterSeconds: config.SURELAY_CHECK_AFTER_SECONDS,
  };
}
