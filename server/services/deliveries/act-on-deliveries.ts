import { inTransaction, type Pool, type PoolClient } from "../../db.ts";
import type { DeliveryState } from "../../domain/delivery-state.ts";
import type { DeliveryScope } from "../../domain/delivery-scope.ts";
import { SurelayError } from "../../errors.ts";
import { appendAudits } from "../../store/audit.ts";
import type { DeliveryKey } from "../../store/delivery-filter.ts";
import { findDeliveries } from "../../store/find-deliveries.ts";
import {
  discardDeliveries,
  dropQueuedRedeliveries,
  type OperatedDelivery,
  redriveDeliveries,
  retryDeliveriesNow,
} from "../../store/operate-deliveries.ts";
import { readSubscriptionNames } from "../../store/subscription-ids.ts";
import { type Acting, entryOf } from "../registry/acting.ts";
import { resolveDeliveries } from "./resolve-deliveries.ts";

/** Most deliveries of one call: its entries in the audit log are written with it. */
export const ACT_LIMIT = 500;
const SCAN_LIMIT = 200_000;

/** `redrive`: deliver what was given up again. `retry_now`: do not wait for its time. `discard`: never deliver it. */
export type DeliveryAction = "redrive" | "retry_now" | "discard";

/** The states that each action applies to; a delivery in another one is left as it is. */
export const ACTED_ON_STATES = {
  redrive: ["DEAD"],
  retry_now: ["WAITING"],
  discard: ["PENDING", "WAITING", "DEAD"],
} as const satisfies Record<DeliveryAction, readonly DeliveryState[]>;

/**
 * These, or the oldest that a scope fits and that were counted before (`movedBefore` of countDeliveries): what came since
 * is not what its operator agreed to. `after` is the `last` of the call before: what was acted on already, and may be
 * DEAD again by now, is not acted on twice.
 */
export type ActedOnWhich = { keys: readonly DeliveryKey[] } | ActedOnScope;
type ActedOnScope = DeliveryScope & { movedBefore: Date; after: DeliveryKey | null };

export interface ActResult {
  /** What was done, and to which states. */
  done: OperatedDelivery[];
  /** Looked at and left: in a state that the action does not apply to (any more), or due already. */
  untouched: DeliveryKey[];
  /** There are more that the scope fits; call again with `last` as `after`. */
  more: boolean;
  /** The last delivery that this call looked at; null: none. */
  last: DeliveryKey | null;
}

/**
 * Does something to deliveries in an operator's name: one, a selection, or a scope step by step, which shows progress and
 * can be stopped between two calls. Each leaves a line in its own history and an entry in the audit log, in one transaction
 * with the change. Of two operators at once each delivery is one's, and untouched for the other.
 *
 * @param by with a reason
 * @throws SurelayError `validation_failed` (too many keys, no reason)
 */
export function actOnDeliveries(
  db: Pool,
  action: DeliveryAction,
  which: ActedOnWhich,
  by: Acting,
): Promise<ActResult> {
  return inTransaction(db, (tx) => actWithin(tx, action, which, by));
}

/** The same, as the last part of the caller's transaction. */
export async function actWithin(
  tx: PoolClient,
  action: DeliveryAction,
  which: ActedOnWhich,
  by: Acting,
): Promise<ActResult> {
  const reason = by.reason?.trim() ?? "";
  if (reason === "") throw new SurelayError("validation_failed", "Say why: it is kept with each delivery.");
  const { keys, more, last } = "keys" in which ? named(which.keys) : await scoped(tx, action, which);
  const done = await act(tx, action, keys, { operator: by.actor.username, reason });
  await record(tx, action, done, { ...by, reason });
  if (action === "discard") await dropQueuedRedeliveries(tx, done);
  const touched = new Set(done.map(nameOf));
  return { done, untouched: keys.filter((key) => !touched.has(nameOf(key))), more, last };
}

const nameOf = (key: DeliveryKey): string => `${key.messageId}/${key.subscriptionId}`;

function act(
  tx: PoolClient,
  action: DeliveryAction,
  keys: readonly DeliveryKey[],
  by: { operator: string; reason: string },
): Promise<OperatedDelivery[]> {
  switch (action) {
    case "redrive":
      return redriveDeliveries(tx, keys, by);
    case "retry_now":
      return retryDeliveriesNow(tx, keys, by);
    case "discard":
      return discardDeliveries(tx, keys, by);
  }
}

async function record(
  tx: PoolClient,
  action: DeliveryAction,
  done: readonly OperatedDelivery[],
  by: Acting,
): Promise<void> {
  const names = await readSubscriptionNames(tx, [...new Set(done.map((d) => d.subscriptionId))]);
  await appendAudits(
    tx,
    done.map(({ messageId, subscriptionId, from, to, attempt }) =>
      entryOf(by, {
        action: `delivery.${action}`,
        targetKind: "delivery",
        targetId: `${messageId} ${names.get(subscriptionId) ?? String(subscriptionId)}`,
        before: { state: from, attempt },
        after: { state: to },
      }),
    ),
  );
}

function named(given: readonly DeliveryKey[]) {
  const keys = [...new Map(given.map((key) => [nameOf(key), key])).values()].map((key) => ({
    ...key,
    messageId: key.messageId.toLowerCase(),
  }));
  if (keys.length > ACT_LIMIT)
    throw new SurelayError("validation_failed", `At most ${ACT_LIMIT} deliveries are acted on at once.`);
  return { keys, more: false, last: keys.at(-1) ?? null };
}

async function scoped(tx: PoolClient, action: DeliveryAction, which: ActedOnScope) {
  const filter = await resolveDeliveries(tx, which);
  const applies: readonly DeliveryState[] = ACTED_ON_STATES[action];
  const states =
    which.states.length === 0 ? applies : applies.filter((state) => which.states.includes(state));
  if (filter === null || states.length === 0) return { keys: [], more: false, last: null };
  const found = await findDeliveries(tx, {
    filter: { ...filter, states },
    after: which.after,
    order: "oldest",
    limit: ACT_LIMIT,
    scanLimit: SCAN_LIMIT,
  });
  return { keys: found.keys, more: found.next !== null, last: found.next ?? found.keys.at(-1) ?? null };
}
