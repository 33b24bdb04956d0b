import type { DeliveryState } from "@/server/domain/delivery-state.ts";

/** The room of dead letters, or of deliveries in another state, with a filter. */
export function deadLettersHref(filter: {
  state?: DeliveryState;
  /** `<topic>/<name>`. */
  subscription?: string;
  topic?: string;
  app?: string;
  group?: bigint | string;
}): string {
  const params = new URLSearchParams();
  if (filter.state !== undefined && filter.state !== "DEAD") params.set("state", filter.state);
  if (filter.subscription !== undefined) params.set("subscription", filter.subscription);
  if (filter.topic !== undefined) params.set("topic", filter.topic);
  if (filter.app !== undefined) params.set("app", filter.app);
  if (filter.group !== undefined) params.set("group", String(filter.group));
  return params.size === 0 ? "/dead-letters" : `/dead-letters?${params}`;
}
