/** What went wrong, as far as the interface has words of its own for it. */
export type ErrorKind =
  | "offline"
  | "unauthorized"
  | "forbidden"
  | "notFound"
  | "conflict"
  | "invalid"
  | "tooMany"
  | "unavailable"
  | "internal";

const KINDS: Record<string, ErrorKind> = {
  UNAUTHORIZED: "unauthorized",
  FORBIDDEN: "forbidden",
  NOT_FOUND: "notFound",
  CONFLICT: "conflict",
  PRECONDITION_FAILED: "conflict",
  BAD_REQUEST: "invalid",
  PARSE_ERROR: "invalid",
  PAYLOAD_TOO_LARGE: "invalid",
  TOO_MANY_REQUESTS: "tooMany",
  SERVICE_UNAVAILABLE: "unavailable",
  TIMEOUT: "unavailable",
  INTERNAL_SERVER_ERROR: "internal",
};

/** Sorts what a procedure threw. An error that the server did not write means that the server was not reached. */
export function errorKind(error: unknown): ErrorKind {
  const code = (error as { data?: { code?: unknown } | null } | null)?.data?.code;
  if (typeof code === "string") return KINDS[code] ?? "internal";
  return isTransportError(error) ? "offline" : "internal";
}

/** The service's own words, where they say more than the kind: a conflict or a refused value. */
export function errorDetail(error: unknown): string | null {
  const kind = errorKind(error);
  if (kind !== "conflict" && kind !== "invalid") return null;
  const message = error instanceof Error ? error.message.trim() : "";
  return message === "" || message.startsWith("[") || message.startsWith("{") ? null : message;
}

function isTransportError(error: unknown): boolean {
  return error instanceof Error && (error.name === "TRPCClientError" || error instanceof TypeError);
}
