import type { MessageState } from "../domain/message-state.ts";

/** What messages to find; everything given must hold. */
export interface MessageFilter {
  /** Null: of every app (for operators). */
  appId: number | null;
  topicId?: number;
  businessKey?: string;
  key?: string;
  type?: string;
  /** This is its id or the beginning of one, its business key, or its key. */
  any?: { word: string; ids: IdRange | null };
  states?: readonly MessageState[];
  /** Only messages that wait because their topic is not available or paused. */
  held?: boolean;
  /** Only ids within. */
  ids?: IdRange;
  /** Only ids of this moment or later. */
  from?: Date;
  /** Only ids of before this moment. */
  to?: Date;
  payload?: readonly PayloadFilter[];
  /** Topics whose payloads must not be looked into: their messages match no condition on a payload. */
  sealedTopicIds?: readonly number[];
}

/** Both ends included; canonical. */
export interface IdRange {
  first: string;
  last: string;
}

export interface PayloadFilter {
  /** In PostgreSQL's path language, such as `strict $."customer"."id"`. */
  path: string;
  /** JSON texts, one of which stands there; numbers are equal by value. */
  values: readonly string[];
}

/** Parameters of one statement. */
export class Parameters {
  readonly values: unknown[] = [];

  /** @returns the placeholder */
  add(value: unknown): string {
    return `$${this.values.push(value)}`;
  }
}

/** The conditions on ids, so that partitions are pruned. @param below the cursor: only ids before it */
export function idConditions(
  filter: MessageFilter,
  below: string | undefined,
  params: Parameters,
  column: string,
): string {
  const conditions: string[] = [];
  if (below !== undefined) conditions.push(`${column} < ${params.add(below)}::uuid`);
  if (filter.ids) {
    conditions.push(`${column} >= ${params.add(filter.ids.first)}::uuid`);
    conditions.push(`${column} <= ${params.add(filter.ids.last)}::uuid`);
  }
  if (filter.from)
    conditions.push(`${column} >= surelay_uuid_floor(${params.add(filter.from)}::timestamptz)`);
  if (filter.to) conditions.push(`${column} < surelay_uuid_floor(${params.add(filter.to)}::timestamptz)`);
  return conditions.length === 0 ? "true" : conditions.join(" AND ");
}
