import type { Config } from "../../config/config.ts";
import { inTransaction, type Pool, type PoolClient } from "../../db.ts";
import { newMessageId } from "../../domain/message-id.ts";
import { EDITABLE_STATES, type MessageState } from "../../domain/message-state.ts";
import { SurelayError } from "../../errors.ts";
import { appendAudit } from "../../store/audit.ts";
import { appendMessageEvent } from "../../store/message-events.ts";
import { type CopiedFrom, lockCopied, ownDecision, storeVersion } from "../../store/message-versions.ts";
import { readMessageDeliveries } from "../../store/read-deliveries.ts";
import { insertReady } from "../../store/store-messages.ts";
import { type ActResult, actWithin } from "../deliveries/act-on-deliveries.ts";
import { JsonScanner } from "../intake/json-scanner.ts";
import { intakeLimits } from "../intake/limits.ts";
import { readHeaders } from "../intake/parse-fields.ts";
import { type Acting, entryOf } from "../registry/acting.ts";
import { type ResendResult, resendWithin } from "./resend-message.ts";

/** Names, on a message made of another one, that other one. */
export const EDITED_FROM = "surelay-edited-from";

export interface EditMessage {
  id: string;
  /** The version that its author saw, from 1. */
  basedOn: number;
  payload: Buffer;
  contentType: string;
  headers: Record<string, string>;
  /** For who reads it later; beside the reason. */
  note: string | null;
  /**
   * `new_id`: a further message, which every consumer handles as one it has not seen. `same_id`: a new version of this one;
   * consumers that have handled it already skip it, unless they keep no inbox: then they see it twice.
   */
  as: "new_id" | "same_id";
  /**
   * With `same_id`, what is sent of the new version: `resend`: the message itself, to all of the topic's consumers;
   * `redrive`: its DEAD deliveries, to those consumers alone; `nothing`: whatever is sent of it later carries it.
   */
  send: "resend" | "redrive" | "nothing";
}

export type EditResult =
  /** `id`: of the new message, which is READY. */
  | { kind: "created"; id: string }
  | { kind: "stored"; version: number; resent: ResendResult | null; redriven: ActResult | null }
  /** Somebody else made a version meanwhile. Nothing was changed. */
  | { kind: "changed_meanwhile"; version: number; by: string | null }
  /** It was never sent, nor refused: it can be cancelled, not edited. Nothing was changed. */
  | { kind: "wrong_state"; state: MessageState };

/**
 * Makes a new version of a message, or a new message of it, in an operator's name; the content as it was stays readable.
 * Everything of it stands in one transaction with its entries in the audit log.
 *
 * @param by with a reason
 * @param options `mayUnmask`: its author may see payloads of masked topics
 * @throws SurelayError `not_found` | `validation_failed` | `payload_too_large` | `forbidden` (a masked topic)
 */
export function editMessage(
  db: Pool,
  edit: EditMessage,
  by: Acting,
  options: { config: Config; mayUnmask: boolean },
): Promise<EditResult> {
  const reason = by.reason?.trim() ?? "";
  if (reason === "") throw new SurelayError("validation_failed", "Say why: it is kept with the version.");
  const headers = checkContent(edit, options.config);
  return inTransaction(db, async (tx) => {
    const copied = await lockCopied(tx, edit.id);
    if (copied === null)
      throw new SurelayError("not_found", "There is no such message.", { messageId: edit.id });
    if (copied.masked && !options.mayUnmask)
      throw new SurelayError("forbidden", "The topic's payloads are masked.", { messageId: edit.id });
    if (!EDITABLE_STATES.includes(copied.state)) return { kind: "wrong_state", state: copied.state };
    return edit.as === "new_id"
      ? createFrom(tx, { ...edit, headers, copied }, { ...by, reason })
      : storeAndSend(tx, { ...edit, headers }, { ...by, reason });
  });
}

/** @returns the headers as JSON text in the order given; null: none */
function checkContent({ payload, headers, contentType }: EditMessage, config: Config): string | null {
  const limits = intakeLimits(config);
  if (payload.length > limits.payloadBytes)
    throw new SurelayError("payload_too_large", `The payload has more than ${limits.payloadBytes} bytes.`);
  if (contentType.trim() === "") throw new SurelayError("validation_failed", "The content type is empty.");
  const { [EDITED_FROM]: _link, ...own } = headers;
  const scanner = new JsonScanner(Buffer.from(JSON.stringify(own)));
  return readHeaders(scanner, scanner.begin(), limits.headers, limits.headerBytes);
}

type Checked = Omit<EditMessage, "headers"> & { headers: string | null };

async function storeAndSend(
  tx: PoolClient,
  edit: Checked,
  by: Acting & { reason: string },
): Promise<EditResult> {
  const { id, basedOn, contentType, headers, payload, note } = edit;
  const stored = await storeVersion(tx, {
    messageId: id,
    basedOn,
    contentType,
    headers: headers ?? "{}",
    payload,
    editedBy: by.actor.username,
    reason: by.reason,
    note,
  });
  if (stored.outcome === "changed_meanwhile")
    return { kind: "changed_meanwhile", version: stored.version, by: stored.editedBy };
  const { version } = stored;
  await record(tx, id, "edited", { version, bytes: payload.length }, by);
  const { reason, actor, from } = by;
  const resent = edit.send === "resend" ? await resendWithin(tx, { id, reason, actor, from }) : null;
  const redriven = edit.send === "redrive" ? await redriveDead(tx, id, by) : null;
  return { kind: "stored", version, resent, redriven };
}

async function redriveDead(tx: PoolClient, messageId: string, by: Acting): Promise<ActResult> {
  const dead = (await readMessageDeliveries(tx, [messageId])).filter((delivery) => delivery.state === "DEAD");
  const keys = dead.map(({ subscriptionId }) => ({ messageId, subscriptionId }));
  return actWithin(tx, "redrive", { keys }, by);
}

async function createFrom(
  tx: PoolClient,
  edit: Checked & { copied: CopiedFrom },
  by: Acting & { reason: string },
): Promise<EditResult> {
  const { appId, topicId, lane, key, type, businessKey, traceparent } = edit.copied;
  const id = newMessageId();
  // The lane is that of topic and key; without a key any will do.
  const content = { appId, topicId, lane, key, type, businessKey, traceparent };
  await insertReady(tx, [
    {
      ...content,
      id,
      contentType: edit.contentType,
      headers: JSON.stringify({ ...parse(edit.headers), [EDITED_FROM]: edit.id }),
      payload: edit.payload,
      deliverAt: null,
      checkAfterSeconds: 1,
    },
  ]);
  await ownDecision(tx, id);
  await record(tx, edit.id, "edited_into", { id, bytes: edit.payload.length, note: edit.note }, by);
  await record(tx, id, "edited_from", { id: edit.id, note: edit.note }, by);
  return { kind: "created", id };
}

const parse = (headers: string | null): Record<string, string> =>
  headers === null ? {} : (JSON.parse(headers) as Record<string, string>);

async function record(
  tx: PoolClient,
  messageId: string,
  kind: "edited" | "edited_into" | "edited_from",
  detail: Record<string, unknown>,
  by: Acting & { reason: string },
): Promise<void> {
  await appendMessageEvent(tx, {
    messageId,
    kind,
    actor: by.actor.username,
    detail: { ...detail, reason: by.reason },
  });
  if (kind === "edited_from") return;
  await appendAudit(
    tx,
    entryOf(by, { action: "message.edit", targetKind: "message", targetId: messageId, after: detail }),
  );
}
