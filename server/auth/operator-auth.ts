import { type BetterAuthOptions, betterAuth } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { APIError } from "better-auth/api";
import { username } from "better-auth/plugins";
import type { Pool } from "../db.ts";
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from "../domain/judge-password.ts";
import { MAX_USERNAME_LENGTH, isUsername, normaliseUsername } from "../domain/operator-account.ts";
import type { Log } from "../log.ts";
import type { Prisma } from "../prisma.ts";
import { appendAudit } from "../store/audit.ts";

/** A working day and a little more; not prolonged by use, so a forgotten browser is signed out by tomorrow. */
const SESSION_SECONDS = 12 * 3600;

export const SESSION_COOKIE_PREFIX = "surelay";

/** Where the browser's address stands in what is handed to the library; written by sign-in-door.ts alone. */
export const ADDRESS_HEADER = "x-surelay-address";

export interface OperatorAuthOptions {
  db: Pool;
  prisma: Prisma;
  log: Log;
  /** The console's address as browsers see it; https makes the cookie Secure. */
  baseUrl: string;
  /** Every origin a browser may come from, `baseUrl`'s among them. */
  origins: string[];
  /** Signs sessions; at least 32 characters. */
  secret: string;
}

export type OperatorAuth = ReturnType<typeof createOperatorAuth>;

/**
 * Operators' sign-in by name and password, sessions in the database. Sign-up is off: accounts come from an admin, from
 * `surelay users`, or from the identity provider by our own rules (admit-identity.ts).
 * No session cache in the cookie: a changed role or an ended session counts with the next request.
 */
export function createOperatorAuth(options: OperatorAuthOptions) {
  return betterAuth({ ...commonOptions(options), plugins: [byName()] });
}

/** Sign-in by name. */
export function byName() {
  return username({
    minUsernameLength: 2,
    maxUsernameLength: MAX_USERNAME_LENGTH,
    usernameNormalization: normaliseUsername,
    usernameValidator: (name) => isUsername(normaliseUsername(name)),
  });
}

/** What all ways to sign in share: they differ in their plugins, and make the same sessions. */
export function commonOptions(options: OperatorAuthOptions) {
  const { db, log } = options;
  return {
    appName: "Surelay",
    baseURL: options.baseUrl,
    trustedOrigins: options.origins,
    secret: options.secret,
    database: prismaAdapter(options.prisma, { provider: "postgresql" }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: MIN_PASSWORD_LENGTH,
      maxPasswordLength: MAX_PASSWORD_LENGTH,
    },
    session: { expiresIn: SESSION_SECONDS, disableSessionRefresh: true, cookieCache: { enabled: false } },
    user: {
      additionalFields: {
        role: { type: "string", required: false, input: false },
        banned: { type: "boolean", required: false, input: false },
        mustChangePassword: { type: "boolean", required: false, input: false },
      },
    },
    rateLimit: { enabled: false }, // in memory; throttle-sign-in.ts counts for all replicas
    telemetry: { enabled: false },
    logger: {
      level: "warn",
      log: (level: string, message: string) =>
        log[level === "error" ? "error" : "debug"]({ from: "sign-in" }, message),
    },
    onAPIError: {
      errorURL: `${options.baseUrl}/login`,
      // A refused sign-in is an answer, not a fault of ours; whatever else is thrown is.
      onError: (error: unknown) =>
        log[error instanceof APIError ? "debug" : "error"]({ err: error }, "sign-in failed"),
    },
    advanced: {
      cookiePrefix: SESSION_COOKIE_PREFIX,
      defaultCookieAttributes: { sameSite: "lax", httpOnly: true },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER], ipv6Subnet: 128 },
    },
    databaseHooks: {
      session: {
        create: {
          before: async (session) => {
            const user = await options.prisma.user.findUnique({ where: { id: session.userId } });
            if (user?.banned)
              throw new APIError("FORBIDDEN", { code: "SUSPENDED", message: "Account suspended" });
          },
          after: async (session) => {
            const user = await options.prisma.user.findUnique({ where: { id: session.userId } });
            await appendAudit(db, {
              actorId: session.userId,
              actorName: user?.username ?? session.userId,
              action: "session.create",
              targetKind: "user",
              targetId: session.userId,
              ip: session.ipAddress || undefined,
              userAgent: session.userAgent ?? undefined,
            });
          },
        },
      },
    },
  } satisfies BetterAuthOptions;
}
