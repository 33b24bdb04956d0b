import type { Dialect } from "./database.ts";

/** Values as they stand in a statement's text; undefined is NULL. */
interface Literals {
  text: (value: string | undefined) => string;
  json: (value: string | undefined) => string;
  blob: (bytes: Buffer) => string;
  time: (moment: Date | undefined) => string;
}

/**
 * Values stand in the statement as hexadecimal digits, for the libraries do not agree on how to pass parameters, and some
 * look for `?` and `:name` in whatever text they are given. No quoting can go wrong in digits.
 */
const hex = (text: string) => Buffer.from(text).toString("hex");

const pgText = (value: string | undefined) =>
  value === undefined ? "NULL" : `convert_from(decode('${hex(value)}','hex'),'UTF8')`;
const mysqlText = (value: string | undefined) =>
  value === undefined ? "NULL" : `CONVERT(x'${hex(value)}' USING utf8mb4)`;

export const LITERALS: Record<Dialect, Literals> = {
  postgresql: {
    text: pgText,
    json: (value) => (value === undefined ? "NULL" : `CAST(${pgText(value)} AS json)`),
    blob: (bytes) => `decode('${bytes.toString("hex")}','hex')`,
    time: (moment) => (moment ? `CAST(${pgText(moment.toISOString())} AS timestamptz)` : "NULL"),
  },
  mysql: {
    text: mysqlText,
    json: mysqlText,
    blob: (bytes) => `x'${bytes.toString("hex")}'`,
    time: (moment) => mysqlText(moment?.toISOString().replace("T", " ").replace("Z", "")),
  },
};
