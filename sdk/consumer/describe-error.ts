/** Why a message failed, as the service is told. */
export interface ErrorDescription {
  type: string;
  message: string;
  stack?: string;
}

/** Characters; the service cuts at 200, 4,000 and 16,000. Of a stack the upper frames say it, and many travel in one call. */
const LIMITS = { type: 200, message: 4000, stack: 4000 };

/** @param thrown whatever a handler threw; need not be an Error */
export function describeError(thrown: unknown): ErrorDescription {
  if (!(thrown instanceof Error))
    return { type: typeof thrown, message: clean(print(thrown), LIMITS.message) };
  const { message, stack } = thrown;
  return {
    type: clean(typeOf(thrown), LIMITS.type) || "Error",
    message: clean(message, LIMITS.message),
    ...(stack && { stack: clean(stack, LIMITS.stack) }),
  };
}

/** Its own `type`; else its class; for a plain Error its code, such as PostgreSQL's `23505` or Node's `ECONNREFUSED`. */
function typeOf(error: Error): string {
  const { type, code } = error as { type?: unknown; code?: unknown };
  if (typeof type === "string" && type !== "") return type;
  const name = error.name !== "Error" ? error.name : (error.constructor?.name ?? "Error");
  const plain = name === "Error" || name === "error" || name === "DatabaseError";
  return plain && (typeof code === "string" || typeof code === "number") ? String(code) : name;
}

function print(value: unknown): string {
  try {
    return typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  } catch {
    return Object.prototype.toString.call(value);
  }
}

/** What a database can store as text. */
function clean(text: string, limit: number): string {
  return String(text)
    .slice(0, limit)
    .replaceAll("\0", "\ufffd")
    .replaceAll(/\p{Surrogate}/gu, "\ufffd");
}
