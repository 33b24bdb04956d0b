import type { DeliveryState } from "./delivery-state.ts";

/** Which deliveries, by the names a person uses. Whatever is null or empty is not asked for. */
export interface DeliveryScope {
  states: readonly DeliveryState[];
  /** The topic whose messages they are. */
  topic: string | null;
  /** A subscription's name; of several topics if `topic` is null. */
  subscription: string | null;
  /** The app whose messages they are. */
  app: string | null;
  /** A failure group's id. */
  groupId: string | null;
  /** Of messages stored at this moment or later, or of the last so many seconds, or before a moment. */
  withinSeconds: number | null;
  from: Date | null;
  to: Date | null;
  /**
   * That came into their state at this moment of the database's clock or before: what a count has counted, and not what
   * came since. A change that was under way just then, and is committed later, may be of it.
   */
  movedBefore: Date | null;
}

/** The scope that every delivery fits. */
export const ANY_DELIVERY = {
  states: [],
  topic: null,
  subscription: null,
  app: null,
  groupId: null,
  withinSeconds: null,
  from: null,
  to: null,
  movedBefore: null,
} satisfies DeliveryScope;
