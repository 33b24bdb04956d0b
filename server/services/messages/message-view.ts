import type { MessageView } from "../../../sdk/contract/messages.ts";
import type { CheckBackRow } from "../../store/check-backs.ts";
import type { MessageRow } from "../../store/find-messages.ts";
import type { DeliveryHistory } from "../../store/read-deliveries.ts";
import { toDeliveryView } from "./delivery-view.ts";

/** A stored message as the contract shows it to its app. */
export function toMessageView(
  row: MessageRow,
  checkBacks: readonly CheckBackRow[],
  deliveries: readonly DeliveryHistory[],
): MessageView {
  const time = (at: Date | null) => at?.toISOString() ?? null;
  return {
    id: row.id,
    state: row.state,
    topic: row.topic,
    key: row.key,
    type: row.type,
    businessKey: row.businessKey,
    contentType: row.contentType,
    headers: row.headers ?? {},
    storedAt: row.storedAt.toISOString(),
    decidedAt: time(row.decidedAt),
    decidedBy: row.decidedBy,
    sentAt: time(row.sentAt),
    checkAt: time(row.checkAt),
    deliverAt: time(row.deliverAt),
    held: row.heldAt !== null,
    reason: row.reason,
    broker:
      row.brokerPartition === null
        ? null
        : {
            topic: row.topic,
            partition: row.brokerPartition,
            offset: row.brokerOffset === null ? null : String(row.brokerOffset),
          },
    checkBacks: checkBacks.map(toCheckBackView),
    deliveries: deliveries.map(toDeliveryView),
  };
}

function toCheckBackView({ at, attempt, outcome, effect, status, durationMs, error, detail }: CheckBackRow) {
  return { at: at.toISOString(), attempt, outcome, effect, status, durationMs, error, detail };
}
