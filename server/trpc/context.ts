import type { Operator } from "../auth/read-operator.ts";
import type { Config } from "../config/config.ts";
import type { SourceAddresses } from "../config/source-addresses.ts";
import type { Pool } from "../db.ts";
import type { Log } from "../log.ts";
import type { Prisma } from "../prisma.ts";
import type { AuditOrigin } from "../services/console/audit-origin.ts";
import type { ChangeWatch } from "../services/console/watch-changes.ts";
import type { ConsoleOutbound } from "../services/check-back/outbound.ts";
import type { ConsoleBroker } from "../services/registry/require-broker.ts";

/** What procedures work with. */
export interface ConsoleContext {
  /** Null: nobody is signed in. */
  operator: Operator | null;
  /** Reads the session again; null once it has ended. For what outlives a request. */
  readOperatorAgain: () => Promise<Operator | null>;
  /** Where the request comes from, for the audit log. */
  origin: AuditOrigin;
  /** The identity provider names the roles of those who come from it. */
  rolesFromProvider: boolean;
  db: Pool;
  prisma: Prisma;
  watch: ChangeWatch;
  /** Null: this console was not told where Kafka is. */
  broker: ConsoleBroker | null;
  outbound: ConsoleOutbound;
  /** What limits messages. */
  config: Config;
  /** Addresses of business databases that this process knows: a connection is tried with them. */
  sources: SourceAddresses;
  log: Log;
}

/** What procedures behind the sign-in work with. */
export type SignedIn = ConsoleContext & { operator: Operator };
