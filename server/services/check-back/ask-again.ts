import { inTransaction, type Pool } from "../../db.ts";
import type { AskableState } from "../../domain/askable-states.ts";
import { SurelayError } from "../../errors.ts";
import { findApp } from "../../store/apps.ts";
import { askAgain as askUndecided, askNow, findAskable } from "../../store/ask-again.ts";
import { appendAudit } from "../../store/audit.ts";
import { appendMessageEvent } from "../../store/message-events.ts";
import { findTopic } from "../../store/topics.ts";
import { type Acting, entryOf } from "../registry/acting.ts";

/** Most messages of one call: its entries in the audit log are written with it. */
export const ASK_AGAIN_LIMIT = 500;

/**
 * Which messages: these, or the oldest of an app, a topic, or both, that are in one state (default UNDECIDED).
 *
 * `after` is the `last` of the call before: what was asked about already, and waits again by now, is not asked about twice.
 */
export type AskedWhich =
  | { ids: readonly string[] }
  | { app: string | null; topic: string | null; state?: AskableState; after?: string | null };

export interface AskAgainResult {
  /** UNDECIDED before, PREPARED and due now. */
  askedAgain: string[];
  /** PREPARED, and due now instead of later. */
  hurried: string[];
  /** In neither state any more, or due already: nothing was changed. */
  untouched: string[];
  /** There are more that the filter fits; call again, with `last` as `after`. */
  more: boolean;
  /** The last message that this call looked at; null: none. */
  last: string | null;
}

/**
 * Has producers asked again: of UNDECIDED messages the checks begin anew, of PREPARED ones the next is due at once. Each
 * message leaves an event and an entry in the audit log, in the same transaction.
 *
 * @throws SurelayError `validation_failed` (too many ids) | `not_found` (app or topic)
 */
export function askAgain(db: Pool, which: AskedWhich, by: Acting): Promise<AskAgainResult> {
  return inTransaction(db, async (tx) => {
    const { ids, more } = "ids" in which ? named(which.ids) : await filtered(tx, which);
    const again = await askUndecided(tx, ids);
    const rest = ids.filter((id) => !again.has(id));
    const hurried = await askNow(tx, rest);
    for (const id of [...again, ...hurried]) {
      const from = again.has(id) ? "UNDECIDED" : "PREPARED";
      await appendMessageEvent(tx, {
        messageId: id,
        kind: "asked_again",
        actor: by.actor.username,
        detail: { reason: by.reason ?? null, from },
      });
      await appendAudit(
        tx,
        entryOf(by, {
          action: "message.ask_again",
          targetKind: "message",
          targetId: id,
          before: { state: from },
          after: { state: "PREPARED" },
        }),
      );
    }
    const untouched = rest.filter((id) => !hurried.has(id));
    return { askedAgain: [...again], hurried: [...hurried], untouched, more, last: ids.at(-1) ?? null };
  });
}

function named(given: readonly string[]) {
  const ids = [...new Set(given.map((id) => id.toLowerCase()))].toSorted();
  if (ids.length > ASK_AGAIN_LIMIT)
    throw new SurelayError(
      "validation_failed",
      `At most ${ASK_AGAIN_LIMIT} messages are asked about at once.`,
    );
  return { ids, more: false };
}

async function filtered(
  tx: Parameters<typeof findApp>[0],
  { app, topic, state = "UNDECIDED", after = null }: Extract<AskedWhich, { app: string | null }>,
) {
  const appId = app === null ? null : (await findApp(tx, app))?.id;
  if (appId === undefined) throw new SurelayError("not_found", `There is no app ${JSON.stringify(app)}.`);
  const topicId = topic === null ? null : (await findTopic(tx, topic))?.id;
  if (topicId === undefined)
    throw new SurelayError("not_found", `There is no topic ${JSON.stringify(topic)}.`);
  const ids = await findAskable(tx, { appId, topicId, state, after }, ASK_AGAIN_LIMIT + 1);
  return { ids: ids.slice(0, ASK_AGAIN_LIMIT), more: ids.length > ASK_AGAIN_LIMIT };
}
