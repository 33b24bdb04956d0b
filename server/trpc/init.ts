import { TRPCError, initTRPC } from "@trpc/server";
import superjson from "superjson";
import type { Permission } from "../auth/permissions.ts";
import type { ConsoleContext } from "./context.ts";
import { describeError, toTrpcError } from "./errors.ts";

/** `null`: being signed in is enough. */
interface Meta {
  permission: Permission | null;
}

const t = initTRPC
  .context<ConsoleContext>()
  .meta<Meta>()
  .create({
    transformer: superjson,
    errorFormatter: ({ shape, error }) => describeError(shape, error),
    sse: {
      ping: { enabled: true, intervalMs: 5000 },
      client: { reconnectAfterInactivityMs: 15_000 },
    },
  });

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;

const mapErrors = t.middleware(async ({ next, ctx, path }) => {
  const result = await next();
  if (result.ok) return result;
  const error = toTrpcError(result.error);
  if (error.code === "INTERNAL_SERVER_ERROR")
    ctx.log.error({ err: result.error.cause, path }, "procedure failed");
  throw error;
});

/**
 * The only way to begin a procedure: it names the permission that it needs. There is no procedure without, so access
 * cannot be left open by forgetting a check.
 */
export function allow(permission: Permission) {
  return guarded(permission);
}

/** For what everybody who is signed in may do, whatever the role: ask who one is. */
export function allowSignedIn() {
  return guarded(null);
}

function guarded(permission: Permission | null) {
  return t.procedure
    .meta({ permission })
    .use(mapErrors)
    .use(({ ctx, next }) => {
      const { operator } = ctx;
      if (operator === null) throw new TRPCError({ code: "UNAUTHORIZED", message: "Sign in first." });
      if (permission !== null && !operator.permissions.includes(permission))
        throw new TRPCError({
          code: "FORBIDDEN",
          message: operator.mustChangePassword
            ? "Replace your temporary password first."
            : `This needs the permission ${permission}.`,
        });
      return next({ ctx: { ...ctx, operator } });
    });
}
