"use client";
import { Stack, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { OutboxKind, OutboxLayout } from "@/server/domain/outbox-source.ts";
import { CodeText } from "../../_registry/_ui/code-text.tsx";
import { OUTBOX_DDL } from "./outbox-ddl.ts";

/** The table that the business database needs, to be copied into its migrations. */
export function SourceDdl({ kind, layout }: { kind: OutboxKind; layout: OutboxLayout }) {
  const t = useTranslations("outbox");
  if (layout === "debezium")
    return (
      <Text size="sm" c="dimmed">
        {t("ddlDebezium")}
      </Text>
    );
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        {t("ddlHint")}
      </Text>
      <CodeText text={OUTBOX_DDL[kind]} what={t("ddl")} />
    </Stack>
  );
}
