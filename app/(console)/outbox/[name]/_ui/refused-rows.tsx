"use client";
import { Group, Stack, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import { Age } from "../../../../_ui/age.tsx";
import { Dimmed } from "../../../../_ui/dimmed.tsx";
import { Section } from "../../../../_ui/section.tsx";
import { PlainTable } from "../../../_registry/_ui/plain-table.tsx";
import type { RefusedRow, SourceDetail } from "../../_ui/source-shape.ts";
import { SettleRows } from "./settle-rows.tsx";

/** Rows that cannot become messages as they are: why, since when, and what can be done about each or about all. */
export function RefusedRows({ source }: { source: SourceDetail }) {
  const t = useTranslations("outbox.rows");
  const { name, refused, failures } = source;
  return (
    <Section
      title={t("title")}
      aside={
        refused.length > 0 && (
          <Group gap="xs">
            <SettleRows
              name={name}
              wish="retry"
              refs={null}
              count={failures}
              label={t("retryAll", { count: failures })}
            />
          </Group>
        )
      }
    >
      {refused.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t("none")}
        </Text>
      ) : (
        <Stack gap="xs">
          <Text size="sm" c="dimmed">
            {t("effect")}
          </Text>
          <PlainTable
            caption={t("title")}
            rows={refused}
            rowKey={(row) => row.ref}
            columns={[
              { id: "ref", header: t("ref"), cell: (row) => <span className="mono">{row.ref}</span> },
              {
                id: "topic",
                header: t("topic"),
                cell: (row) => row.topic ?? <Dimmed>{t("unknown")}</Dimmed>,
              },
              {
                id: "key",
                header: t("key"),
                cell: (row) =>
                  row.key === null ? <Dimmed>{t("noKey")}</Dimmed> : <span className="mono">{row.key}</span>,
              },
              { id: "why", header: t("why"), cell: (row) => row.detail },
              { id: "since", header: t("since"), align: "end", cell: (row) => <Age at={row.firstAt} /> },
              {
                id: "actions",
                header: t("actions"),
                quiet: true,
                cell: (row) => <RowActions name={name} row={row} />,
              },
            ]}
          />
          {failures > refused.length && (
            <Text size="sm" c="dimmed">
              {t("more", { shown: refused.length, count: failures })}
            </Text>
          )}
        </Stack>
      )}
    </Section>
  );
}

function RowActions({ name, row }: { name: string; row: RefusedRow }) {
  const t = useTranslations("outbox.rows");
  if (row.wanted !== null)
    return (
      <Text size="xs" c="dimmed">
        {t(`wanted.${row.wanted}`, { by: row.wantedBy ?? "?" })}
      </Text>
    );
  return (
    <Group gap="xs" wrap="nowrap">
      <SettleRows name={name} wish="retry" refs={[row.ref]} count={1} label={t("retry")} />
      <SettleRows name={name} wish="discard" refs={[row.ref]} count={1} label={t("discard")} />
    </Group>
  );
}
