"use client";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { inferRouterOutputs } from "@trpc/server";
import { useFormatter, useTranslations } from "next-intl";
import { useMemo } from "react";
import type { AppRouter } from "@/server/trpc/router.ts";
import type { Column } from "../../../_table/column.ts";
import { Age } from "../../../_ui/age.tsx";
import { Dimmed } from "../../../_ui/dimmed.tsx";
import { Moment } from "../../../_ui/moment.tsx";
import { StatusBadge } from "../../../_ui/status-badge.tsx";
import { BreakerBadge } from "../../_checks/_ui/breaker-badge.tsx";
import { Rate } from "../../_registry/_ui/rate.tsx";
import { WaitingCount } from "../../_registry/_ui/waiting-count.tsx";

export type AppRow = inferRouterOutputs<AppRouter>["apps"]["list"][number];

/** The columns of the list of apps. */
export function useAppColumns(): Column<AppRow>[] {
  const t = useTranslations("apps");
  const states = useTranslations("states");
  const format = useFormatter();
  return useMemo(
    () => [
      {
        id: "name",
        header: t("name"),
        cell: (app) => app.name,
        fixed: true,
        narrow: "title",
        width: "minmax(9rem, 1.4fr)",
      },
      {
        id: "keys",
        header: t("keys"),
        align: "end",
        width: "7rem",
        cell: (app) =>
          app.keys === 0 ? (
            <StatusBadge tone="warn" icon={IconAlertTriangle} label={t("noKeys")} hint={t("noKeysHint")} />
          ) : (
            format.number(app.keys)
          ),
      },
      {
        id: "rate",
        header: t("rate"),
        align: "end",
        width: "7rem",
        cell: (app) => <Rate perSecond={app.rate} />,
      },
      {
        id: "prepared",
        header: states("PREPARED"),
        align: "end",
        width: "9rem",
        cell: (app) => <WaitingCount waiting={app.waiting.PREPARED} />,
      },
      {
        id: "undecided",
        header: states("UNDECIDED"),
        align: "end",
        width: "8rem",
        cell: (app) => <WaitingCount waiting={app.waiting.UNDECIDED} />,
      },
      {
        id: "reach",
        header: t("breaker.name"),
        width: "minmax(8rem, max-content)",
        cell: (app) => <BreakerBadge asked={app.checkUrl !== null} breaker={app.breaker?.state ?? null} />,
      },
      {
        id: "rejected",
        header: states("REJECTED"),
        align: "end",
        width: "8rem",
        optional: true,
        cell: (app) => <WaitingCount waiting={app.waiting.REJECTED} />,
      },
      {
        id: "contact",
        header: t("contact"),
        cell: (app) => app.contact ?? <Dimmed>{t("unset")}</Dimmed>,
        width: "minmax(8rem, 1.4fr)",
      },
      {
        id: "checkUrl",
        header: t("checkUrl"),
        cell: (app) => app.checkUrl ?? <Dimmed>{t("unset")}</Dimmed>,
        optional: true,
        mono: true,
      },
      {
        id: "lastUsed",
        header: t("lastUsed"),
        width: "7rem",
        cell: (app) =>
          app.lastUsedAt === null ? <Dimmed>{t("never")}</Dimmed> : <Age at={app.lastUsedAt} />,
      },
      {
        id: "updated",
        header: t("updated"),
        optional: true,
        width: "11rem",
        cell: (app) => <Moment value={app.updatedAt} />,
      },
    ],
    [t, states, format],
  );
}
