"use client";
import { Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import { Section } from "../../../../_ui/section.tsx";
import { PlainTable } from "../../../_registry/_ui/plain-table.tsx";
import { useKeyColumns } from "../../../keys/_ui/key-columns.tsx";
import { MakeKey } from "../../../keys/_ui/make-key.tsx";
import type { AppDetail } from "./app-detail.ts";

/** The keys that act for an app, those in force first. */
export function AppKeys({ app }: { app: AppDetail }) {
  const t = useTranslations("apps");
  const columns = useKeyColumns().filter(({ id, optional }) => id !== "app" && optional !== true);
  const rows = app.apiKeys.toSorted((a, b) => Number(a.revokedAt !== null) - Number(b.revokedAt !== null));
  return (
    <Section title={t("keys")} aside={<MakeKey app={app.name} size="xs" />}>
      {rows.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t("keysNone")}
        </Text>
      ) : (
        <PlainTable
          caption={t("keys")}
          rows={rows}
          rowKey={(key) => key.id}
          columns={columns.map(({ id, header, cell, align }) => ({
            id,
            header,
            quiet: id === "actions",
            cell,
            align: align === "end" ? ("end" as const) : undefined,
          }))}
        />
      )}
    </Section>
  );
}
