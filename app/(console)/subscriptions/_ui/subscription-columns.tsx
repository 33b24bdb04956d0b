"use client";
import { Anchor } from "@mantine/core";
import { useFormatter, useTranslations } from "next-intl";
import Link from "next/link";
import { useMemo } from "react";
import type { Column } from "../../../_table/column.ts";
import { Age } from "../../../_ui/age.tsx";
import { Dimmed } from "../../../_ui/dimmed.tsx";
import { Moment } from "../../../_ui/moment.tsx";
import { Rate } from "../../_registry/_ui/rate.tsx";
import { deadLettersHref } from "../../dead-letters/dead-letters-href.ts";
import { LagCount } from "./lag-count.tsx";
import { StandingBadge } from "./standing-badge.tsx";
import { type SubscriptionRow, isTracked, keyOf, oldestOf } from "./subscription-shape.ts";

/** The columns of the list of subscriptions. What a mode does not know shows as a dash. */
export function useSubscriptionColumns(): Column<SubscriptionRow>[] {
  const t = useTranslations("subscriptions");
  const format = useFormatter();
  return useMemo(() => {
    const none = <Dimmed>{t("none")}</Dimmed>;
    const zero = <Dimmed>0</Dimmed>;
    const counted = (row: SubscriptionRow, state: "PENDING" | "WAITING" | "DEAD") => {
      const count = row.waiting[state]?.count ?? 0;
      return !isTracked(row) ? none : count === 0 ? zero : format.number(count);
    };
    return [
      {
        id: "name",
        header: t("name"),
        cell: (row) => row.name,
        fixed: true,
        narrow: "title",
        width: "minmax(8rem, 1.2fr)",
      },
      {
        id: "standing",
        header: t("state"),
        cell: (row) => <StandingBadge standing={row.standing} />,
        narrow: "badge",
        width: "10rem",
      },
      { id: "topic", header: t("topic"), cell: (row) => row.topic, width: "minmax(8rem, 1.4fr)" },
      { id: "mode", header: t("mode"), cell: (row) => t(`modes.${row.ack}.name`), width: "8rem" },
      {
        id: "pending",
        header: t("pending"),
        align: "end",
        width: "8.5rem",
        cell: (row) => counted(row, "PENDING"),
      },
      {
        id: "waiting",
        header: t("waiting"),
        align: "end",
        width: "7rem",
        cell: (row) => counted(row, "WAITING"),
      },
      {
        id: "dead",
        header: t("dead"),
        align: "end",
        width: "6rem",
        cell: (row) =>
          row.waiting.DEAD === null ? (
            counted(row, "DEAD")
          ) : (
            <Anchor
              component={Link}
              href={deadLettersHref({ subscription: keyOf(row) })}
              size="sm"
              c="var(--tone-bad-ink)"
            >
              {counted(row, "DEAD")}
            </Anchor>
          ),
      },
      {
        id: "lag",
        header: t("lag"),
        align: "end",
        width: "6rem",
        cell: (row) => <LagCount lag={row.lag?.records ?? null} />,
      },
      {
        id: "oldest",
        header: t("oldest"),
        align: "end",
        width: "5.5rem",
        cell: (row) => <Oldest row={row} />,
      },
      {
        id: "rate",
        header: t("rate"),
        align: "end",
        width: "8rem",
        cell: (row) => (isTracked(row) ? <Rate perSecond={row.rate.acked} /> : none),
      },
      {
        id: "app",
        header: t("app"),
        optional: true,
        cell: (row) => row.app ?? <Dimmed>{t("anyApp")}</Dimmed>,
      },
      { id: "group", header: t("group"), optional: true, mono: true, cell: (row) => row.groupId },
      {
        id: "created",
        header: t("createdAt"),
        optional: true,
        cell: (row) => <Moment value={row.createdAt} />,
        width: "10rem",
      },
    ];
  }, [t, format]);
}

function Oldest({ row }: { row: SubscriptionRow }) {
  const t = useTranslations("subscriptions");
  const oldest = oldestOf(row);
  return oldest === null ? <Dimmed>{t("none")}</Dimmed> : <Age at={oldest} />;
}
