"use client";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import type { Column } from "../../../_table/column.ts";
import { Moment } from "../../../_ui/moment.tsx";
import type { AuditLine } from "./audit-line.ts";
import { useAuditWords } from "../../../_ui/use-audit-words.ts";

export function useAuditColumns(): readonly Column<AuditLine>[] {
  const t = useTranslations("audit.columns");
  const words = useAuditWords();
  return useMemo(
    () => [
      {
        id: "at",
        header: t("at"),
        width: "11.5rem",
        fixed: true,
        sorted: "descending",
        cell: ({ at }) => <Moment value={at} />,
      },
      { id: "actor", header: t("actor"), width: "minmax(7rem, 0.8fr)", cell: ({ actorName }) => actorName },
      {
        id: "action",
        header: t("action"),
        width: "minmax(9rem, 1.1fr)",
        narrow: "title",
        fixed: true,
        cell: ({ action }) => words.action(action),
      },
      {
        id: "kind",
        header: t("kind"),
        width: "8rem",
        optional: true,
        cell: ({ targetKind }) => words.kind(targetKind),
      },
      {
        id: "target",
        header: t("target"),
        width: "minmax(9rem, 1.6fr)",
        mono: true,
        cell: ({ targetLabel, targetId }) => targetLabel ?? targetId,
      },
      { id: "reason", header: t("reason"), width: "minmax(8rem, 1.6fr)", cell: ({ reason }) => reason },
      { id: "ip", header: t("ip"), width: "9rem", optional: true, mono: true, cell: ({ ip }) => ip },
      {
        id: "id",
        header: t("id"),
        width: "6rem",
        optional: true,
        mono: true,
        align: "end",
        cell: ({ id }) => id,
      },
    ],
    [t, words],
  );
}
