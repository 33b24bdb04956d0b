"use client";
import { Button } from "@mantine/core";
import type { inferRouterOutputs } from "@trpc/server";
import { useTranslations } from "next-intl";
import type { AppRouter } from "@/server/trpc/router.ts";
import { Moment } from "../../../../../_ui/moment.tsx";
import { Section } from "../../../../../_ui/section.tsx";
import { useMeasures } from "../../../../../_ui/use-measures.ts";
import { PlainTable } from "../../../../_registry/_ui/plain-table.tsx";

type Version = inferRouterOutputs<AppRouter>["messages"]["versions"][number];

interface VersionsProps {
  versions: readonly Version[];
  /** The one in the editor. */
  chosen: number;
  choose: (version: number) => void;
}

/** What a message held over time: who made which version, why, and the way back to any of them. */
export function VersionList({ versions, chosen, choose }: VersionsProps) {
  const t = useTranslations("editMessage.versions");
  const { size } = useMeasures();
  return (
    <Section title={t("title")}>
      <PlainTable
        caption={t("title")}
        rows={versions.toReversed()}
        rowKey={({ version }) => String(version)}
        columns={[
          { id: "version", header: t("version"), cell: ({ version }) => version },
          { id: "at", header: t("at"), cell: ({ at }) => <Moment value={at} /> },
          { id: "by", header: t("by"), cell: ({ editedBy }) => editedBy ?? t("producer") },
          {
            id: "why",
            header: t("why"),
            cell: ({ reason, note }) => [reason, note].filter(Boolean).join(" · "),
          },
          { id: "size", header: t("size"), align: "end", cell: ({ bytes }) => size(bytes) },
          {
            id: "actions",
            header: t("actions"),
            quiet: true,
            cell: ({ version }) => (
              <Button
                size="compact-xs"
                variant="default"
                disabled={version === chosen}
                data-version={version}
                onClick={() => choose(version)}
              >
                {t(version === chosen ? "shown" : "begin")}
              </Button>
            ),
          },
        ]}
      />
    </Section>
  );
}
