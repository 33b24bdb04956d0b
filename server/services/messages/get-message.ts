import type { MessageView } from "../../../sdk/contract/messages.ts";
import { isDatabaseTrouble, type Queryable } from "../../db.ts";
import { isMessageId } from "../../domain/message-id.ts";
import { SurelayError } from "../../errors.ts";
import { readCheckBacks } from "../../store/check-backs.ts";
import { readMessage } from "../../store/find-messages.ts";
import { readDeliveryHistories } from "../../store/read-deliveries.ts";
import { MOST_ATTEMPTS } from "./delivery-view.ts";
import { toMessageView } from "./message-view.ts";

/** Check-backs of one message that are shown: a policy rarely allows more. */
export const MOST_CHECK_BACKS = 100;

/** A message of the app's own. @throws SurelayError `validation_failed` | `not_found` | `unavailable` */
export async function getMessage(db: Queryable, appId: number, text: string): Promise<MessageView> {
  const id = text.toLowerCase();
  if (!isMessageId(id)) throw new SurelayError("validation_failed", "The id is not a UUIDv7.");
  const row = await readMessage(db, id, appId).catch(rethrowUnavailable);
  if (!row) throw new SurelayError("not_found", "There is no message with this id.", { messageId: id });
  const [checkBacks, deliveries] = await Promise.all([
    readCheckBacks(db, [id], MOST_CHECK_BACKS),
    readDeliveryHistories(db, [id], MOST_ATTEMPTS),
  ]).catch(rethrowUnavailable);
  return toMessageView(row, checkBacks.get(id) ?? [], deliveries.get(id) ?? []);
}

/** Database trouble as the contract names it; anything else is a fault of ours and stays as it is. */
export function rethrowUnavailable(cause: unknown): never {
  if (!isDatabaseTrouble(cause)) throw cause;
  throw new SurelayError("unavailable", "The store cannot be read just now; try again.", {
    retryAfterSeconds: 1,
    cause,
  });
}
