"use client";
import { Anchor, Badge, Group } from "@mantine/core";
import { IconCircleCheck, IconCircleOff, IconPointFilled } from "@tabler/icons-react";
import type { inferRouterOutputs } from "@trpc/server";
import { useFormatter, useTranslations } from "next-intl";
import Link from "next/link";
import { useMemo } from "react";
import type { AppRouter } from "@/server/trpc/router.ts";
import type { Column } from "../../../_table/column.ts";
import { Age } from "../../../_ui/age.tsx";
import { CopyValue } from "../../../_ui/copy-value.tsx";
import { Dimmed } from "../../../_ui/dimmed.tsx";
import { Moment } from "../../../_ui/moment.tsx";
import { StatusBadge } from "../../../_ui/status-badge.tsx";
import { useKeyLimits } from "./key-limits.tsx";
import { RevokeKey } from "./revoke-key.tsx";

export type KeyRow = inferRouterOutputs<AppRouter>["keys"]["list"][number];

/** The columns of the list of keys. */
export function useKeyColumns(): Column<KeyRow>[] {
  const t = useTranslations("keys");
  const format = useFormatter();
  const { defaultRate } = useKeyLimits();
  return useMemo(
    () => [
      {
        id: "id",
        header: t("id"),
        fixed: true,
        mono: true,
        narrow: "title",
        width: "11.5rem",
        cell: (key) => (
          <Group gap={2} wrap="nowrap" component="span">
            {key.id}
            <CopyValue value={key.id} what={t("id")} />
          </Group>
        ),
      },
      {
        id: "state",
        header: t("state"),
        narrow: "badge",
        width: "7.5rem",
        cell: (key) => <KeyStateBadge row={key} />,
      },
      {
        id: "app",
        header: t("app"),
        width: "minmax(5rem, 1fr)",
        cell: (key) => (
          <Anchor component={Link} href={`/apps/${encodeURIComponent(key.app)}`} inherit>
            {key.app}
          </Anchor>
        ),
      },
      { id: "scopes", header: t("scopes"), width: "10rem", cell: (key) => <Scopes scopes={key.scopes} /> },
      {
        id: "note",
        header: t("note"),
        width: "minmax(6rem, 1.5fr)",
        cell: (key) => key.note ?? <Dimmed>{t("noNote")}</Dimmed>,
      },
      {
        id: "rate",
        header: t("rate"),
        align: "end",
        width: "6.5rem",
        cell: (key) =>
          key.ratePerSecond === null ? (
            <span title={t("rateDefaultHint")}>
              <Dimmed>{t("rateValue", { rate: format.number(defaultRate) })}</Dimmed>
            </span>
          ) : (
            t("rateValue", { rate: format.number(key.ratePerSecond) })
          ),
      },
      {
        id: "lastUsed",
        header: t("lastUsed"),
        width: "5.5rem",
        cell: (key) =>
          key.lastUsedAt === null ? <Dimmed>{t("never")}</Dimmed> : <Age at={key.lastUsedAt} />,
      },
      {
        id: "created",
        header: t("created"),
        width: "11rem",
        optional: true,
        cell: (key) => <Moment value={key.createdAt} />,
      },
      {
        id: "createdBy",
        header: t("createdBy"),
        width: "minmax(5rem, 0.8fr)",
        cell: (key) => key.createdBy ?? "",
      },
      {
        id: "actions",
        header: t("actions"),
        fixed: true,
        align: "end",
        width: "6rem",
        cell: (key) => <RevokeKey apiKey={key} />,
      },
    ],
    [t, format, defaultRate],
  );
}

function KeyStateBadge({ row }: { row: KeyRow }) {
  const t = useTranslations("keys");
  if (row.revokedAt !== null)
    return (
      <StatusBadge tone="idle" icon={IconCircleOff} label={t("states.revoked")} hint={t("revokedHint")} />
    );
  if (row.lastUsedAt === null)
    return (
      <StatusBadge tone="info" icon={IconPointFilled} label={t("states.unused")} hint={t("unusedHint")} />
    );
  return <StatusBadge tone="ok" icon={IconCircleCheck} label={t("states.active")} />;
}

function Scopes({ scopes }: { scopes: readonly KeyRow["scopes"][number][] }) {
  const t = useTranslations("keys");
  return (
    <Group gap={4} component="span" wrap="nowrap">
      {scopes.map((scope) => (
        <Badge key={scope} variant="default" tt="none" radius="sm" title={t(`scopeHint.${scope}`)}>
          {t(`scope.${scope}`)}
        </Badge>
      ))}
    </Group>
  );
}
