import { isDatabaseTrouble } from "../db.ts";

/**
 * Why a source cannot be collected: `unset` its variable is not set here, `bad_address` the variable holds no usable one,
 * `unreachable`, `sign_in`, `no_database`, `no_table`, `wrong_columns`, `forbidden`, `too_many_refused`, `failed`.
 */
export type SourceFaultCode =
  | "unset"
  | "bad_address"
  | "unreachable"
  | "sign_in"
  | "no_database"
  | "no_table"
  | "wrong_columns"
  | "forbidden"
  | "too_many_refused"
  | "failed";

/** Something is wrong with a source as a whole. `message` is safe to show: it never holds the address's password. */
export class SourceFault extends Error {
  readonly code: SourceFaultCode;

  constructor(code: SourceFaultCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "SourceFault";
    this.code = code;
  }
}

const BY_CODE: Record<string, SourceFaultCode> = {
  // PostgreSQL
  "28P01": "sign_in",
  "28000": "sign_in",
  "3D000": "no_database",
  "42P01": "no_table",
  "3F000": "no_table",
  "42703": "wrong_columns",
  "42501": "forbidden",
  // MySQL and MariaDB
  ER_ACCESS_DENIED_ERROR: "sign_in",
  ER_ACCESS_DENIED_NO_PASSWORD_ERROR: "sign_in",
  ER_DBACCESS_DENIED_ERROR: "no_database",
  ER_BAD_DB_ERROR: "no_database",
  ER_NO_SUCH_TABLE: "no_table",
  ER_BAD_FIELD_ERROR: "wrong_columns",
  ER_TABLEACCESS_DENIED_ERROR: "forbidden",
  ER_COLUMNACCESS_DENIED_ERROR: "forbidden",
  PROTOCOL_CONNECTION_LOST: "unreachable",
  PROTOCOL_SEQUENCE_TIMEOUT: "unreachable",
  ER_CON_COUNT_ERROR: "unreachable",
  ER_SERVER_SHUTDOWN: "unreachable",
  ER_CONNECTION_KILLED: "unreachable",
};

/** What a driver's error means for the source. @param place host:port, for the message */
export function toSourceFault(error: unknown, place: string): SourceFault {
  if (error instanceof SourceFault) return error;
  const code = (error as { code?: unknown } | null)?.code;
  const known = typeof code === "string" ? BY_CODE[code] : undefined;
  const kind = known ?? (isDatabaseTrouble(error) || isClosed(error) ? "unreachable" : "failed");
  const said = (error instanceof Error ? error.message : String(error)) || String(code);
  return new SourceFault(kind, `${place}: ${said}`, { cause: error });
}

function isClosed(error: unknown): boolean {
  return error instanceof Error && /closed state|Pool is closed|ETIMEDOUT|timed? ?out/i.test(error.message);
}

/** Runs a statement on a source. @throws SourceFault whatever the driver threw */
export async function asSource<T>(place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toSourceFault(error, place);
  }
}
