import type { Operator } from "../../server/auth/read-operator.ts";
import { permissionsOf } from "../../server/auth/permissions.ts";
import { readConfig } from "../../server/config/config.ts";
import type { Pool } from "../../server/db.ts";
import { silentLog } from "../../server/log.ts";
import { parseAllowedHosts } from "../../server/outbound/allowed-hosts.ts";
import { createGuardedAgents } from "../../server/outbound/guarded-agent.ts";
import { createPrisma } from "../../server/prisma.ts";
import { ChangeWatch } from "../../server/services/console/watch-changes.ts";
import type { ConsoleContext } from "../../server/trpc/context.ts";

/** Somebody with this role. */
export function operatorWith(role: string | null): Operator {
  return {
    id: "operator-1",
    username: "night-shift",
    name: "Night shift",
    role,
    permissions: permissionsOf(role),
    mustChangePassword: false,
    sessionId: "session-1",
  };
}

/** What procedures get for a request of this operator. */
export function contextOf(db: Pool, operator: Operator | null): ConsoleContext {
  return {
    operator,
    readOperatorAgain: () => Promise.resolve(operator),
    origin: { ip: "203.0.113.7", userAgent: "a browser" },
    rolesFromProvider: false,
    db,
    prisma: createPrisma(db),
    watch: new ChangeWatch({ db, log: silentLog, pollMs: 20, heartbeatMs: 200 }),
    broker: null,
    outbound: {
      master: "a master secret of the tests, long enough",
      agents: createGuardedAgents(parseAllowedHosts(["127.0.0.1"])),
      afterSeconds: 10,
    },
    config: readConfig({}),
    sources: new Map(),
    log: silentLog,
  };
}
