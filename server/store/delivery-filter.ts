import type { DeliveryState } from "../domain/delivery-state.ts";
import { Parameters } from "./message-filter.ts";

/** Which deliveries; everything given must hold. */
export interface DeliveryFilter {
  /** Of these subscriptions; null: of all. */
  subscriptionIds: readonly number[] | null;
  /** Empty: in any state. */
  states: readonly DeliveryState[];
  /** Failed last as this group says. */
  groupId?: string;
  /** Of messages of this app. */
  appId?: number;
  /** Of messages of this moment or later. */
  from?: Date;
  /** Of messages of before this moment. */
  to?: Date;
  /** In their state since this moment or longer. */
  movedBefore?: Date;
}

/** A delivery's place in every list: by message, then by subscription. */
export interface DeliveryKey {
  messageId: string;
  subscriptionId: number;
}

/** Which way a list goes: newest messages first, or oldest first. */
export type DeliveryOrder = "newest" | "oldest";

export interface DeliveryCandidates {
  params: Parameters;
  /** SQL of message_id, subscription_id and `fits`, in order, `n` at most, some of which the filter may not fit. */
  sql: string;
  /** What those that say `fits` have to be judged by, on the alias `d` of delivery; null: nothing is left to judge. */
  judge: string | null;
}

/**
 * The next candidates behind a cursor, by the best index there is: a group's own, that of what failed by subscription and
 * state, or the primary key, whose rows are judged one by one. Never more than `n` rows are looked at.
 */
export function deliveryCandidates(
  filter: DeliveryFilter,
  after: DeliveryKey | null,
  order: DeliveryOrder,
  n: number,
): DeliveryCandidates {
  const params = new Parameters();
  const where = [...windowOf(filter, params), ...behind(after, order, params)];
  const way = order === "newest" ? "DESC" : "ASC";
  const by = `ORDER BY d.message_id ${way}, d.subscription_id ${way} LIMIT ${n}`;
  const subscriptions =
    filter.subscriptionIds === null ? null : `${params.add(filter.subscriptionIds)}::int[]`;
  const states = filter.states.length === 0 ? null : `${params.add(filter.states)}::delivery_state[]`;
  // No index knows it, and the candidate's row is at hand: it is not fetched once more to be judged, nor searched past.
  const fits = filter.movedBefore
    ? `d.moved_at <= ${params.add(filter.movedBefore)}::timestamptz AS fits`
    : "true AS fits";
  const judge: string[] = [];
  if (filter.appId !== undefined)
    judge.push(
      `EXISTS (SELECT FROM message_state s WHERE s.id = d.message_id AND s.app_id = ${params.add(filter.appId)} OFFSET 0)`,
    );
  if (subscriptions !== null) judge.push(`d.subscription_id = ANY(${subscriptions})`);
  if (states !== null) judge.push(`d.state = ANY(${states})`);
  const judged = judge.length === 0 ? null : judge.join(" AND ");

  if (filter.groupId !== undefined) {
    const group = [`d.failure_group_id = ${params.add(filter.groupId)}::bigint`, ...where];
    const sql = `SELECT d.message_id, d.subscription_id, ${fits} FROM delivery d WHERE ${group.join(" AND ")} ${by}`;
    return { params, sql, judge: judged };
  }
  if (states !== null && filter.states.every((state) => state === "WAITING" || state === "DEAD")) {
    const conditions = [
      "d.subscription_id = x.id",
      "d.state = wanted.state",
      "d.state IN ('WAITING', 'DEAD')",
      ...where,
    ];
    const of = subscriptions === null ? "subscription x" : `unnest(${subscriptions}) AS x(id)`;
    const sql = `SELECT d.message_id, d.subscription_id, d.fits FROM ${of} CROSS JOIN unnest(${states}) AS wanted(state)
      CROSS JOIN LATERAL (
        SELECT d.message_id, d.subscription_id, ${fits} FROM delivery d WHERE ${conditions.join(" AND ")}
        ORDER BY d.message_id ${way} LIMIT ${n}) d ${by}`;
    return { params, sql, judge: filter.appId === undefined ? null : judge[0]! };
  }
  const sql = `SELECT d.message_id, d.subscription_id, ${fits} FROM delivery d ${where.length === 0 ? "" : `WHERE ${where.join(" AND ")}`} ${by}`;
  return { params, sql, judge: judged };
}

function windowOf({ from, to }: DeliveryFilter, params: Parameters): string[] {
  const where: string[] = [];
  if (from) where.push(`d.message_id >= surelay_uuid_floor(${params.add(from)}::timestamptz)`);
  if (to) where.push(`d.message_id < surelay_uuid_floor(${params.add(to)}::timestamptz)`);
  return where;
}

/** The first comparison is what an index can begin at. */
function behind(after: DeliveryKey | null, order: DeliveryOrder, params: Parameters): string[] {
  if (after === null) return [];
  const less = order === "newest" ? "<" : ">";
  const id = `${params.add(after.messageId)}::uuid`;
  const subscription = `${params.add(after.subscriptionId)}::int`;
  return [
    `d.message_id ${less}= ${id}`,
    `(d.message_id ${less} ${id} OR d.subscription_id ${less} ${subscription})`,
  ];
}
