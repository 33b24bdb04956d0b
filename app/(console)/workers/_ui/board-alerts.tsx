"use client";
import { Alert, Code, List } from "@mantine/core";
import { IconAlertTriangle, IconHourglass, IconInfoCircle, IconMoon } from "@tabler/icons-react";
import { useFormatter, useTranslations } from "next-intl";
import type { Board } from "./board.ts";

const code = (text: React.ReactNode) => <Code>{text}</Code>;

/** What concerns the whole board: who is missing, whose lanes wait for their lease to end, versions that differ. */
export function BoardAlerts({ board }: { board: Board }) {
  const t = useTranslations("workers");
  const format = useFormatter();
  const orphaned = board.lanes.filter((lane) => lane.standing === "orphaned");
  const owners = [...new Set(orphaned.map((lane) => lane.owner!))];
  return (
    <>
      {board.missing.length > 0 && (
        <Alert
          color="red"
          icon={<IconAlertTriangle aria-hidden />}
          title={t("missingTitle", { count: board.missing.length })}
        >
          <List size="sm" spacing={4}>
            {board.missing.map((kind) => (
              <List.Item key={kind}>{t.rich(`missing.${kind}`, { code })}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      {board.allRelaysQuiet && (
        <Alert color="orange" icon={<IconMoon aria-hidden />} title={t("allQuietTitle")}>
          {t("allQuietText")}
        </Alert>
      )}
      {owners.length > 0 && (
        <Alert
          color="orange"
          icon={<IconHourglass aria-hidden />}
          title={t("orphanedTitle", { owners: format.list(owners) })}
        >
          {t("orphanedText", {
            lanes: format.list(orphaned.map((lane) => String(lane.lane))),
            count: orphaned.length,
          })}
        </Alert>
      )}
      {board.versions.length > 1 && (
        <Alert color="blue" icon={<IconInfoCircle aria-hidden />} title={t("versionsTitle")}>
          {t("versionsText", { versions: format.list(board.versions) })}
        </Alert>
      )}
    </>
  );
}
