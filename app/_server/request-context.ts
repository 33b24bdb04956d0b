import { clientAddress, clientUserAgent } from "@/server/auth/client-address.ts";
import { noteSeen } from "@/server/auth/note-seen.ts";
import { readOperator } from "@/server/auth/read-operator.ts";
import type { ConsoleContext } from "@/server/trpc/context.ts";
import { consoleBroker } from "./console-broker.ts";
import { consoleOutbound } from "./console-outbound.ts";
import { consoleRuntime } from "./console-runtime.ts";

/** The context of procedures for a request with these headers. */
export async function requestContext(headers: Headers): Promise<ConsoleContext> {
  const { auth, db, prisma, watch, log, proxies, oidc, sources, config } = consoleRuntime();
  const readAgain = () => readOperator(auth, headers);
  const operator = await readAgain();
  if (operator !== null) noteSeen(db, log, operator.sessionId);
  return {
    operator,
    readOperatorAgain: readAgain,
    origin: { ip: clientAddress(headers, proxies), userAgent: clientUserAgent(headers) },
    rolesFromProvider: oidc !== null && oidc.roleClaim !== null,
    db,
    prisma,
    watch,
    broker: consoleBroker(),
    outbound: consoleOutbound(),
    config,
    sources,
    log,
  };
}
