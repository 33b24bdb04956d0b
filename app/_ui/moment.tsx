"use client";
import { useTimeZone } from "next-intl";
import { formatMoment } from "./format-moment.ts";

/** A time in the operator's zone, in UTC on hover. */
export function Moment({ value, milliseconds = false }: { value: Date; milliseconds?: boolean }) {
  const zone = useTimeZone() ?? "UTC";
  return (
    <time dateTime={value.toISOString()} title={`${formatMoment(value, "UTC", true)} UTC`}>
      {formatMoment(value, zone, milliseconds)}
    </time>
  );
}
