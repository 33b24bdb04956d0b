"use client";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import type { Column } from "../../../_table/column.ts";
import { Age } from "../../../_ui/age.tsx";
import { Dimmed } from "../../../_ui/dimmed.tsx";
import { Moment } from "../../../_ui/moment.tsx";
import { DeliveryStateBadge } from "../../_deliveries/_ui/delivery-state-badge.tsx";
import { NextStep } from "../../_deliveries/_ui/next-step.tsx";
import type { DeadLetter } from "./dead-letter-item.ts";

/** The columns of the list. @param due whether its rows have a next step */
export function useDeadLetterColumns(due: boolean): Column<DeadLetter>[] {
  const t = useTranslations("deadLetters");
  return useMemo(() => {
    const none = <Dimmed>{t("none")}</Dimmed>;
    const columns: (Column<DeadLetter> | false)[] = [
      {
        id: "state",
        header: t("columns.state"),
        cell: (row) => <DeliveryStateBadge state={row.state} />,
        width: "minmax(7rem, max-content)",
        fixed: true,
        narrow: "badge",
      },
      {
        id: "message",
        header: t("columns.message"),
        cell: (row) => row.messageId,
        mono: true,
        fixed: true,
        narrow: "title",
        width: "minmax(7rem, 0.8fr)",
      },
      {
        id: "subscription",
        header: t("columns.subscription"),
        cell: (row) => row.subscription,
        width: "minmax(7.5rem, 0.8fr)",
      },
      {
        id: "error",
        header: t("columns.error"),
        cell: (row) => row.error?.type ?? none,
        width: "minmax(7rem, 1fr)",
      },
      {
        id: "text",
        header: t("columns.text"),
        cell: (row) => row.error?.message ?? row.reason ?? none,
        width: "minmax(10rem, 2.4fr)",
        narrow: "wide",
      },
      {
        id: "attempts",
        header: t("columns.attempts"),
        cell: (row) => t("attempts", { made: row.made, most: row.maxAttempts }),
        align: "end",
        width: "5.5rem",
      },
      due && {
        id: "due",
        header: t("columns.due"),
        cell: (row) => <NextStep delivery={row} />,
        width: "minmax(12.5rem, max-content)",
      },
      {
        id: "businessKey",
        header: t("columns.businessKey"),
        cell: (row) => row.businessKey ?? none,
        mono: true,
        width: "minmax(6rem, 0.8fr)",
      },
      {
        id: "topic",
        header: t("columns.topic"),
        cell: (row) => row.topic,
        width: "minmax(7.5rem, 1fr)",
        optional: due,
      },
      { id: "app", header: t("columns.app"), cell: (row) => row.app, optional: true },
      { id: "type", header: t("columns.type"), cell: (row) => row.type ?? none, optional: true },
      { id: "key", header: t("columns.key"), cell: (row) => row.key ?? none, mono: true, optional: true },
      {
        id: "drives",
        header: t("columns.drives"),
        cell: (row) => row.drive,
        align: "end",
        optional: true,
      },
      {
        id: "reason",
        header: t("columns.reason"),
        cell: (row) => row.reason ?? none,
        optional: true,
        width: "minmax(8rem, 1.4fr)",
      },
      {
        id: "stored",
        header: t("columns.stored"),
        cell: (row) => <Moment value={row.storedAt} />,
        optional: true,
        width: "10rem",
      },
      {
        id: "since",
        header: t("columns.since"),
        cell: (row) => <Age at={row.movedAt} />,
        align: "end",
        width: "5rem",
      },
    ];
    return columns.filter((column) => column !== false);
  }, [t, due]);
}
