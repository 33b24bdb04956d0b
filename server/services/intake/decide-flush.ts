import type { Queryable } from "../../db.ts";
import { explainUnmoved, type MessageState } from "../../domain/message-state.ts";
import { SurelayError } from "../../errors.ts";
import { cancelMessages } from "../../store/cancel-messages.ts";
import { confirmMessages, type OwnedId } from "../../store/confirm-messages.ts";
import { readStates } from "../../store/find-messages.ts";

export interface Decided {
  id: string;
  state: MessageState;
}

/** A prepare committed, or a check-back gave up, between our two statements: asked once more it moves. */
const RACES = 3;

/**
 * Confirms or cancels a flush. Items name each id for one app only (the queue keeps others apart), because the store
 * answers by id.
 */
export async function decideFlush(
  kind: "confirm" | "cancel",
  db: Queryable,
  items: readonly OwnedId[],
): Promise<(Decided | SurelayError)[]> {
  const answers = new Map<string, Decided | SurelayError>();
  let open = new Map(items.map((item) => [item.id, item]));
  for (let race = 0; open.size > 0; race++) {
    const asked = [...open.values()];
    for (const [id, state] of await move(kind, db, asked)) {
      answers.set(id, { id, state });
      open.delete(id);
    }
    if (open.size === 0) break;
    const states = await readStates(db, [...open.values()]);
    const again = new Map<string, OwnedId>();
    for (const item of open.values()) {
      const answer = explain(kind, item.id, states.get(item.id));
      if (answer === "raced" && race < RACES) again.set(item.id, item);
      else answers.set(item.id, answer === "raced" ? stillMoving(item.id) : answer);
    }
    open = again;
  }
  return items.map((item) => answers.get(item.id)!);
}

async function move(
  kind: "confirm" | "cancel",
  db: Queryable,
  asked: readonly OwnedId[],
): Promise<Iterable<[string, MessageState]>> {
  if (kind === "confirm") return confirmMessages(db, asked, "producer");
  return [...(await cancelMessages(db, asked, "producer"))].map((id) => [id, "CANCELLED"]);
}

function explain(
  kind: "confirm" | "cancel",
  id: string,
  state: MessageState | undefined,
): Decided | SurelayError | "raced" {
  if (state === undefined)
    return new SurelayError("not_found", "There is no message with this id.", { messageId: id });
  const outcome = explainUnmoved(kind, state);
  if (outcome.kind === "settled") return { id, state };
  if (outcome.code === "not_possible") return "raced";
  const said =
    outcome.code === "already_cancelled"
      ? "The message is cancelled already and stays so."
      : `The message is confirmed already (${state}) and stays so.`;
  return new SurelayError(outcome.code, said, { messageId: id });
}

function stillMoving(id: string): SurelayError {
  return new SurelayError("unavailable", "Others keep deciding about this message. Ask again.", {
    messageId: id,
    retryAfterSeconds: 1,
  });
}
