import { betterAuth } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";
import { APIError, createAuthMiddleware } from "better-auth/api";
import { username } from "better-auth/plugins";
import type { Pool } from "../db.ts";
import {
  MAX_PASSWORD_LENGTH,
  MIN_PASSWORD_LENGTH,
  isUsername,
  normaliseUsername,
} from "../domain/operator-account.ts";
import { SurelayError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Prisma } from "../prisma.ts";
import { appendAudit } from "../store/audit.ts";
import { admitSignIn, settleSignIn } from "./throttle-sign-in.ts";

/** A working day and a little more; not prolonged by use, so a forgotten browser is signed out by tomorrow. */
const SESSION_SECONDS = 12 * 3600;

export const SESSION_COOKIE_PREFIX = "surelay";

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
 * Operators' sign-in by name and password, sessions in the database. Sign-up is off: accounts come from `surelay users`.
 * No session cache in the cookie: a changed role or an ended session counts with the next request.
 */
export function createOperatorAuth(options: OperatorAuthOptions) {
  const { db, log } = options;
  return betterAuth({
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
      },
    },
    plugins: [
      username({
        minUsernameLength: 2,
        maxUsernameLength: 30,
        usernameNormalization: normaliseUsername,
        usernameValidator: (name) => isUsername(normaliseUsername(name)),
      }),
    ],
    rateLimit: { enabled: false }, // by address and in memory; throttle-sign-in.ts counts by name for all replicas
    telemetry: { enabled: false },
    logger: {
      level: "warn",
      log: (level, message) => log[level === "error" ? "error" : "debug"]({ from: "sign-in" }, message),
    },
    onAPIError: {
      // A refused sign-in is an answer, not a fault of ours; whatever else is thrown is.
      onError: (error) =>
        log[error instanceof APIError ? "debug" : "error"]({ err: error }, "sign-in failed"),
    },
    advanced: {
      cookiePrefix: SESSION_COOKIE_PREFIX,
      defaultCookieAttributes: { sameSite: "lax", httpOnly: true },
    },
    hooks: {
      before: createAuthMiddleware(async (ctx) => {
        if (ctx.path === "/sign-in/username") await admit(db, nameIn(ctx.body));
      }),
      after: createAuthMiddleware(async (ctx) => {
        if (ctx.path === "/sign-in/username" && ctx.context.newSession)
          await settleSignIn(db, nameIn(ctx.body));
      }),
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
              userAgent: session.userAgent ?? undefined,
            });
          },
        },
      },
    },
  });
}

function nameIn(body: unknown): string {
  const name = (body as { username?: unknown } | null)?.username;
  return typeof name === "string" ? normaliseUsername(name) : "";
}

async function admit(db: Pool, name: string): Promise<void> {
  try {
    await admitSignIn(db, name);
  } catch (error) {
    if (!(error instanceof SurelayError)) throw error;
    throw new APIError(
      "TOO_MANY_REQUESTS",
      { code: "RATE_LIMITED", message: error.message },
      { "retry-after": String(error.retryAfterSeconds ?? 60) },
    );
  }
}
