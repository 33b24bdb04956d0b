import { createLoader, parseAsString, parseAsStringLiteral } from "nuqs/server";

export const FAILURE_SPANS = ["hour", "day", "week"] as const;
export type FailureSpan = (typeof FAILURE_SPANS)[number];
export const FAILURE_SHOWS = ["open", "ignored", "all"] as const;
/** By what groups are put together; `cause` leaves each alone. */
export const REGROUPINGS = ["cause", "error", "subscription", "topic", "app"] as const;
export type Regrouping = (typeof REGROUPINGS)[number];

/** What the address of the room holds. */
export const failureParams = {
  span: parseAsStringLiteral(FAILURE_SPANS).withDefault("day"),
  show: parseAsStringLiteral(FAILURE_SHOWS).withDefault("open"),
  by: parseAsStringLiteral(REGROUPINGS).withDefault("cause"),
  error: parseAsString,
  /** `<topic>/<name>`. */
  subscription: parseAsString,
  topic: parseAsString,
  app: parseAsString,
};

export const loadFailureParams = createLoader(failureParams);
export type FailureParams = Awaited<ReturnType<typeof loadFailureParams>>;

export const NO_FAILURE_FILTER = { error: null, subscription: null, topic: null, app: null } as const;

export function isNarrowed({ error, subscription, topic, app }: FailureParams): boolean {
  return [error, subscription, topic, app].some(Boolean);
}

/** The room with a filter. */
export function failuresHref(filter: {
  subscription?: string;
  topic?: string;
  app?: string;
  error?: string;
}): string {
  const params = new URLSearchParams(filter);
  return params.size === 0 ? "/failures" : `/failures?${params}`;
}
