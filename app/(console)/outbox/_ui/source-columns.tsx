"use client";
import { useFormatter, useTranslations } from "next-intl";
import { useMemo } from "react";
import type { Column } from "../../../_table/column.ts";
import { Age } from "../../../_ui/age.tsx";
import { Dimmed } from "../../../_ui/dimmed.tsx";
import { Rate } from "../../_registry/_ui/rate.tsx";
import type { SourceRow } from "./source-shape.ts";
import { StandingBadge } from "./standing-badge.tsx";
import { WaitingRows } from "./waiting-rows.tsx";

/** The columns of the list of sources. */
export function useSourceColumns(): Column<SourceRow>[] {
  const t = useTranslations("outbox");
  const format = useFormatter();
  return useMemo(
    () => [
      {
        id: "name",
        header: t("name"),
        cell: (source) => source.name,
        fixed: true,
        narrow: "title",
        width: "minmax(9rem, 1.2fr)",
      },
      {
        id: "standing",
        header: t("state"),
        cell: (source) => <StandingBadge standing={source.standing} />,
        narrow: "badge",
        width: "minmax(8rem, max-content)",
      },
      { id: "app", header: t("app"), cell: (source) => source.app, width: "minmax(6rem, 1fr)" },
      { id: "kind", header: t("kind"), cell: (source) => t(`kinds.${source.kind}`), width: "8rem" },
      {
        id: "waiting",
        header: t("waiting"),
        align: "end",
        width: "6rem",
        cell: (source) => <WaitingRows waiting={source.waiting} />,
      },
      {
        id: "oldest",
        header: t("oldest"),
        align: "end",
        width: "6rem",
        cell: (source) =>
          source.oldestAt === null ? <Dimmed>{t("none")}</Dimmed> : <Age at={source.oldestAt} />,
      },
      {
        id: "rate",
        header: t("rate"),
        align: "end",
        width: "7rem",
        cell: (source) => <Rate perSecond={source.rate} />,
      },
      {
        id: "refused",
        header: t("refused"),
        align: "end",
        width: "6rem",
        cell: (source) => (source.failures === 0 ? <Dimmed>0</Dimmed> : format.number(source.failures)),
      },
      {
        id: "fault",
        header: t("lastFault"),
        width: "minmax(8rem, 1.6fr)",
        cell: (source) => source.faultDetail ?? <Dimmed>{t("none")}</Dimmed>,
      },
      {
        id: "collector",
        header: t("collector"),
        optional: true,
        cell: (source) => source.owner ?? <Dimmed>{t("nobody")}</Dimmed>,
      },
      {
        id: "connection",
        header: t("connection"),
        optional: true,
        mono: true,
        cell: (source) => source.connection,
      },
      {
        id: "collected",
        header: t("collected"),
        optional: true,
        align: "end",
        cell: (source) => format.number(source.collected),
      },
    ],
    [t, format],
  );
}
