import type { BlockList } from "node:net";
import { SignInDoor } from "@/server/auth/sign-in-door.ts";
import { type OidcSettings, oidcSettings } from "@/server/config/oidc-settings.ts";
import { trustedProxies } from "@/server/config/trusted-proxies.ts";
import { type OperatorAuth, createOperatorAuth } from "@/server/auth/operator-auth.ts";
import { type Config, readConfig } from "@/server/config/config.ts";
import { type SourceAddresses, readSourceAddresses } from "@/server/config/source-addresses.ts";
import { type Pool, createPool } from "@/server/db.ts";
import { OperatorError } from "@/server/errors.ts";
import { type Log, createLog } from "@/server/log.ts";
import { createMetrics } from "@/server/metrics.ts";
import { type Prisma, createPrisma } from "@/server/prisma.ts";
import { ChangeWatch } from "@/server/services/console/watch-changes.ts";
import { consoleOrigins } from "./console-origins.ts";
import { stampPeerAddress } from "./stamp-peer-address.ts";

/** What the console's process holds once, whichever page or route asks first. */
export interface ConsoleRuntime {
  config: Config;
  log: Log;
  db: Pool;
  prisma: Prisma;
  auth: OperatorAuth;
  watch: ChangeWatch;
  metrics: ReturnType<typeof createMetrics>;
  /** Origins a browser may come from. */
  origins: ReadonlySet<string>;
  /** Whose word on a browser's address is believed. */
  proxies: BlockList;
  /** Ways in. */
  door: SignInDoor;
  /** Null: no single sign-on. */
  oidc: OidcSettings | null;
  /** Addresses of business databases, by the names of their variables. */
  sources: SourceAddresses;
}

/** On globalThis: pages and routes are bundled apart, and a module's own variable would exist once per bundle. */
const KEY = Symbol.for("surelay console runtime");
const holder = globalThis as { [KEY]?: ConsoleRuntime };

/** @throws OperatorError when the environment lacks something the console cannot do without */
export function consoleRuntime(): ConsoleRuntime {
  return (holder[KEY] ??= create(readConfig(process.env), readSourceAddresses(process.env)));
}

function create(config: Config, sources: SourceAddresses): ConsoleRuntime {
  if (config.DATABASE_URL === undefined)
    throw new OperatorError("bad_configuration", "The console needs DATABASE_URL, the store's PostgreSQL.");
  if (config.SURELAY_AUTH_SECRET === undefined)
    throw new OperatorError(
      "bad_configuration",
      "The console needs SURELAY_AUTH_SECRET, at least 32 random characters that sign its sessions. Make one with: openssl rand -base64 32",
    );
  stampPeerAddress();
  const log = createLog("console", config.SURELAY_LOG_LEVEL);
  const db = createPool({
    url: config.DATABASE_URL,
    max: config.SURELAY_DB_POOL,
    name: "console",
    log,
    statementTimeoutMs: 10_000,
  });
  const prisma = createPrisma(db);
  const { baseUrl, origins } = consoleOrigins(config);
  const signIn = { db, prisma, log, baseUrl, origins, secret: config.SURELAY_AUTH_SECRET };
  const auth = createOperatorAuth(signIn);
  const oidc = oidcSettings(config);
  const proxies = trustedProxies(config.SURELAY_TRUSTED_PROXIES);
  const door = new SignInDoor({
    ...signIn,
    auth,
    proxies,
    passwords: config.SURELAY_PASSWORD_SIGN_IN,
    oidc,
  });
  const watch = new ChangeWatch({ db, log, pollMs: 1000, heartbeatMs: 5000 });
  return {
    config,
    log,
    db,
    prisma,
    auth,
    watch,
    metrics: createMetrics("console"),
    origins: new Set(origins),
    proxies,
    door,
    oidc,
    sources,
  };
}
