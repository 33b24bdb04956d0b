"use client";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import type { Column } from "../../../_table/column.ts";
import { Age } from "../../../_ui/age.tsx";
import { Dimmed } from "../../../_ui/dimmed.tsx";
import { MessageStateBadge } from "../../../_ui/message-state-badge.tsx";
import { Moment } from "../../../_ui/moment.tsx";
import { BreakerBadge } from "../../_checks/_ui/breaker-badge.tsx";
import { FindingBadge } from "../../_checks/_ui/finding-badge.tsx";
import { findingOf } from "../../_checks/_ui/use-check-words.ts";
import { DueTime } from "./due-time.tsx";
import type { ShownItem } from "./waiting-item.ts";

/** The columns of the list. @param undecided the list shows those that nobody is asked about any more */
export function useWaitingColumns(undecided: boolean): Column<ShownItem>[] {
  const t = useTranslations("prepared");
  return useMemo(() => {
    const none = <Dimmed>{t("none")}</Dimmed>;
    const columns: (Column<ShownItem> | false)[] = [
      {
        id: "state",
        header: t("columns.state"),
        cell: (m) => <MessageStateBadge state={m.state} />,
        width: "minmax(6.6rem, max-content)",
        fixed: true,
        narrow: "badge",
      },
      {
        id: "id",
        header: t("columns.id"),
        cell: (m) => m.id,
        mono: true,
        narrow: "title",
        fixed: true,
        width: "minmax(8rem, 1.3fr)",
      },
      { id: "app", header: t("columns.app"), cell: (m) => m.app, width: "minmax(5rem, 0.8fr)" },
      {
        id: "businessKey",
        header: t("columns.businessKey"),
        cell: (m) => m.businessKey ?? none,
        mono: true,
        width: "minmax(6rem, 1fr)",
      },
      !undecided && {
        id: "due",
        header: t("columns.due"),
        cell: (m) => <DueTime at={m.checkAt} overdue={m.overdue} asked={m.asked} />,
        sorted: "ascending",
        width: "minmax(8.5rem, max-content)",
      },
      {
        id: "attempts",
        header: t("columns.attempts"),
        cell: (m) => t("attempts", { sent: m.checks, most: m.maxAttempts }),
        align: "end",
        width: "5.5rem",
      },
      {
        id: "last",
        header: t("columns.last"),
        cell: (m) =>
          m.last === null ? (
            <Dimmed>{t("notAsked")}</Dimmed>
          ) : (
            <FindingBadge finding={findingOf(m.last)} hint={m.last.detail ?? undefined} />
          ),
        width: "minmax(10.5rem, max-content)",
      },
      {
        id: "lastAt",
        header: t("columns.lastAt"),
        cell: (m) => (m.last === null ? none : <Age at={m.last.at} />),
        optional: !undecided,
        align: "end",
        width: "6rem",
      },
      {
        id: "reach",
        header: t("columns.reach"),
        cell: (m) => <BreakerBadge asked={m.asked} breaker={m.breaker} />,
        optional: undecided,
        width: "minmax(8rem, max-content)",
      },
      undecided && {
        id: "reason",
        header: t("columns.reason"),
        cell: (m) => m.reason ?? none,
        width: "minmax(10rem, 1.6fr)",
      },
      { id: "topic", header: t("columns.topic"), cell: (m) => m.topic, optional: true },
      { id: "type", header: t("columns.type"), cell: (m) => m.type ?? none, optional: true },
      { id: "key", header: t("columns.key"), cell: (m) => m.key ?? none, mono: true, optional: true },
      {
        id: "stored",
        header: t("columns.stored"),
        cell: (m) => <Moment value={m.storedAt} />,
        optional: true,
        width: "11rem",
      },
      {
        id: "age",
        header: t("columns.age"),
        cell: (m) => <Age at={m.storedAt} />,
        align: "end",
        sorted: undecided ? ("descending" as const) : undefined,
        width: "5rem",
      },
    ];
    return columns.filter((column) => column !== false);
  }, [t, undecided]);
}
