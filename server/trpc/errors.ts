import { TRPCError, type TRPCDefaultErrorShape } from "@trpc/server";
import { TRPC_ERROR_CODES_BY_KEY } from "@trpc/server/rpc";
import { getHTTPStatusCodeFromError } from "@trpc/server/http";
import { isDatabaseTrouble } from "../db.ts";
import { type ErrorCode, SurelayError } from "../errors.ts";

const TRPC_CODE: Record<ErrorCode, TRPCError["code"]> = {
  validation_failed: "BAD_REQUEST",
  unauthorized: "UNAUTHORIZED",
  forbidden: "FORBIDDEN",
  not_found: "NOT_FOUND",
  method_not_allowed: "METHOD_NOT_SUPPORTED",
  id_conflict: "CONFLICT",
  already_cancelled: "CONFLICT",
  already_confirmed: "CONFLICT",
  not_delivered: "CONFLICT",
  unknown_subscription: "NOT_FOUND",
  wrong_ack_mode: "CONFLICT",
  payload_too_large: "PAYLOAD_TOO_LARGE",
  rate_limited: "TOO_MANY_REQUESTS",
  internal: "INTERNAL_SERVER_ERROR",
  unavailable: "SERVICE_UNAVAILABLE",
};

/**
 * The one place where an error of the service becomes one of tRPC's. Whatever is not known to be safe to show is
 * replaced: a driver's message may hold SQL, addresses or values.
 */
export function toTrpcError(error: TRPCError): TRPCError {
  const cause = error.cause;
  if (cause instanceof SurelayError)
    return new TRPCError({ code: TRPC_CODE[cause.code], message: cause.message, cause });
  if (cause !== undefined && isDatabaseTrouble(cause))
    return new TRPCError({ code: "SERVICE_UNAVAILABLE", message: "The database does not answer.", cause });
  if (error.code === "INTERNAL_SERVER_ERROR" && cause !== undefined)
    return new TRPCError({ code: "INTERNAL_SERVER_ERROR", message: "Something went wrong here.", cause });
  return error;
}

/**
 * What leaves this process of an error: the mapped code and text, never a stack. Also for what escapes the procedures'
 * own mapping: a context that cannot be made, a stream that breaks.
 */
export function describeError(shape: TRPCDefaultErrorShape, error: TRPCError): TRPCDefaultErrorShape {
  const told = toTrpcError(error);
  return {
    code: TRPC_ERROR_CODES_BY_KEY[told.code],
    message: told.message,
    data: { code: told.code, httpStatus: getHTTPStatusCodeFromError(told), path: shape.data.path },
  };
}
