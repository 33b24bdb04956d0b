"use client";
import { useFormatter, useTranslations } from "next-intl";
import { ActOn } from "./act-on.tsx";
import type { ActVerb, DeliveryFilter } from "./delivery-shape.ts";

interface ActOnAllProps {
  verb: ActVerb;
  filter: DeliveryFilter;
  count: number;
  /** There are more than `count`. */
  capped: boolean;
  /** What was counted: those in their state since then or longer. */
  movedBefore: Date;
  /** The count is of another filter: it is being counted anew. */
  counting?: boolean;
  label: (count: string) => string;
  size?: string;
}

/** Does something with all deliveries that match a filter, as far as they were counted: what comes meanwhile is left. */
export function ActOnAll({
  verb,
  filter,
  count,
  capped,
  movedBefore,
  counting = false,
  label,
  size,
}: ActOnAllProps) {
  const t = useTranslations("deliveries.act");
  const format = useFormatter();
  return (
    <ActOn
      verb={verb}
      which={{ filter: { ...filter, movedBefore }, count, capped }}
      label={label(`${format.number(count)}${capped ? "+" : ""}`)}
      // It stays in its place without them: its dialog may be open while the last of them are worked on.
      blocked={counting ? t("counting") : count === 0 ? t("nothing") : null}
      size={size}
      action={`${verb}-all`}
    />
  );
}
