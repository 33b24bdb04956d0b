"use client";
import { Group, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useMemo } from "react";
import type { Column } from "../../../_table/column.ts";
import { Moment } from "../../../_ui/moment.tsx";
import { useOperator } from "../../../_ui/operator-context.tsx";
import { roleKey } from "../../../_ui/role-key.ts";
import type { OperatorItem } from "./operator-item.ts";
import { OperatorStatusBadge } from "./operator-status.tsx";

export function useOperatorColumns(): readonly Column<OperatorItem>[] {
  const t = useTranslations();
  const { id: own } = useOperator();
  return useMemo(() => {
    const moment = (at: Date | null) => (at === null ? t("operators.never") : <Moment value={at} />);
    return [
      {
        id: "username",
        header: t("operators.columns.username"),
        fixed: true,
        narrow: "title",
        sorted: "ascending",
        width: "minmax(9rem, 1.2fr)",
        cell: ({ id, username }) => (
          <Group gap={6} component="span" wrap="nowrap">
            <span>{username}</span>
            {id === own && (
              <Text size="xs" c="dimmed" component="span">
                ({t("operators.you")})
              </Text>
            )}
          </Group>
        ),
      },
      { id: "name", header: t("operators.columns.name"), cell: ({ name }) => name },
      {
        id: "role",
        header: t("operators.columns.role"),
        width: "8rem",
        cell: ({ role }) => t(`roles.${roleKey(role)}`),
      },
      {
        id: "status",
        header: t("operators.columns.status"),
        width: "11.5rem",
        narrow: "badge",
        cell: (operator) => <OperatorStatusBadge operator={operator} />,
      },
      {
        id: "signIn",
        header: t("operators.columns.signIn"),
        width: "9.5rem",
        cell: ({ signIn }) => t(`operators.signIn.${signIn}`),
      },
      {
        id: "sessions",
        header: t("operators.columns.sessions"),
        width: "6rem",
        align: "end",
        cell: ({ sessions }) => sessions,
      },
      {
        id: "seen",
        header: t("operators.columns.seen"),
        width: "11rem",
        cell: ({ lastSeenAt, lastSignInAt }) => moment(lastSeenAt ?? lastSignInAt),
      },
      {
        id: "entered",
        header: t("operators.columns.entered"),
        width: "11rem",
        optional: true,
        cell: ({ lastSignInAt }) => moment(lastSignInAt),
      },
      {
        id: "created",
        header: t("operators.columns.created"),
        width: "11rem",
        optional: true,
        cell: ({ createdAt }) => moment(createdAt),
      },
    ];
  }, [t, own]);
}
