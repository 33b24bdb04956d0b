import { createLoader, parseAsStringLiteral } from "nuqs/server";

export const SPANS = ["hour", "day", "week"] as const;
export type Span = (typeof SPANS)[number];

/** What the address of the overview holds: how far back the chart looks, and what the table breaks down by. */
export const overviewParams = {
  span: parseAsStringLiteral(SPANS).withDefault("day"),
  by: parseAsStringLiteral(["topic", "app"] as const).withDefault("topic"),
};

export const loadOverviewParams = createLoader(overviewParams);
export type OverviewParams = Awaited<ReturnType<typeof loadOverviewParams>>;
