import type { Database, Dialect } from "../../database/database.ts";
import { canonicalId } from "../../client/canonical-id.ts";
import type { Message } from "../message.ts";
import { newMessageId } from "../../client/new-message-id.ts";
import { SurelayError } from "../../client/surelay-error.ts";
import { currentTraceparent } from "../../client/trace-context.ts";
import { LITERALS } from "../../database/literals.ts";

export interface OutboxOptions {
  /** The table, or schema.table. Default: `surelay_outbox`. */
  table?: string;
}

/** Messages that leave if and only if the transaction that wrote them commits. */
export interface Outbox<Tx, Topics extends object = Record<string, unknown>> {
  /**
   * Writes messages into the local message table, in your transaction. What happens after is none of your concern: the
   * collector finds committed rows, and only those.
   *
   * Messages of one topic and key arrive in the order of their enqueues if these are ordered at your side: in one
   * transaction, or the second one runs after the transaction of the first has committed. Update or lock the row that the
   * key stands for before you enqueue, and they are.
   *
   * @returns the messages' ids, in order
   * @throws SurelayError `validation_failed`; the transaction is untouched then. Whatever your database throws
   */
  enqueue: (tx: Tx, message: Message<Topics>, ...more: Message<Topics>[]) => Promise<string[]>;
}

/**
 * The local message table of a database.
 *
 * @param database one of the adapters, or your own: only its `dialect` and `query` are used, so `enqueue` takes part in any
 * transaction, whoever began it
 */
export function outbox<Tx, Topics extends object = Record<string, unknown>>(
  database: Pick<Database<Tx>, "dialect" | "query">,
  options: OutboxOptions = {},
): Outbox<Tx, Topics> {
  const table = tableName(options.table ?? "surelay_outbox", database.dialect);
  return {
    async enqueue(tx, ...messages) {
      const rows = messages.map((message) => rowOf(message as Message, database.dialect));
      const values = rows.map((row) => row.values).join(",");
      await database.query(tx, `INSERT INTO ${table} (${COLUMNS}) VALUES ${values}`);
      return rows.map((row) => row.id);
    },
  };
}

const COLUMNS =
  "id, topic, message_key, type, business_key, content_type, headers, traceparent, payload, deliver_at";
const TABLE = /^[A-Za-z_][A-Za-z0-9_]{0,62}(\.[A-Za-z_][A-Za-z0-9_]{0,62})?$/;
const TOPIC = /^[A-Za-z0-9._-]{1,249}$/;
const ASCII = /^[\x20-\x7e]+$/;
const LONE_SURROGATE = /\p{Surrogate}/u;

function rowOf(message: Message, dialect: Dialect): { id: string; values: string } {
  const id = canonicalId(message.id ?? newMessageId());
  const fault = faultOf(message);
  if (fault) throw new SurelayError("validation_failed", fault, { messageId: id });
  const { topic, key, type, businessKey, contentType, headers, bytes, payload, deliverAt } = message;
  const { text, json, blob, time } = LITERALS[dialect];
  const values = [
    `'${id}'`,
    text(topic),
    text(key),
    text(type),
    text(businessKey),
    text(contentType ?? (bytes ? "application/octet-stream" : "application/json")),
    json(headers && Object.keys(headers).length > 0 ? JSON.stringify(headers) : undefined),
    text(currentTraceparent()),
    blob(bytes ? Buffer.from(bytes) : Buffer.from(jsonOf(payload, id))),
    time(deliverAt),
  ];
  return { id, values: `(${values.join(",")})` };
}

/** What the collector would refuse is refused here, where somebody still can do something about it. */
function faultOf(message: Message): string | null {
  const { topic, key, type, businessKey, contentType, headers, bytes, payload, deliverAt } = message;
  if (typeof topic !== "string" || !TOPIC.test(topic)) return "topic is no name of a topic.";
  if ((bytes === undefined) === (payload === undefined))
    return "A message has a payload or bytes, one of them.";
  for (const [name, value] of Object.entries({ key, type, businessKey, contentType })) {
    if (value === undefined) continue;
    if (typeof value !== "string" || value === "") return `${name} is not a text, or empty.`;
    if (value.includes("\0") || LONE_SURROGATE.test(value))
      return `${name} holds what cannot be stored as text.`;
  }
  if (contentType !== undefined && !ASCII.test(contentType))
    return "contentType holds more than plain ASCII.";
  if (Object.values(headers ?? {}).some((value) => typeof value !== "string"))
    return "A header is not a text.";
  if (deliverAt !== undefined && Number.isNaN(deliverAt.getTime())) return "deliverAt is no moment.";
  return null;
}

function jsonOf(payload: unknown, messageId: string): string {
  let cause: unknown;
  try {
    const json = JSON.stringify(payload) as string | undefined;
    if (json !== undefined) return json;
  } catch (error) {
    cause = error;
  }
  throw new SurelayError("validation_failed", "The payload cannot be written as JSON.", { messageId, cause });
}

function tableName(table: string, dialect: Dialect): string {
  if (!TABLE.test(table))
    throw new SurelayError("validation_failed", `${JSON.stringify(table)} is no name of a table.`);
  const mark = dialect === "mysql" ? "`" : '"';
  return table
    .split(".")
    .map((part) => `${mark}${part}${mark}`)
    .join(".");
}
