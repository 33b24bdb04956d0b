"use client";
import { Anchor } from "@mantine/core";
import type { inferRouterOutputs } from "@trpc/server";
import { useFormatter, useTranslations } from "next-intl";
import Link from "next/link";
import { useMemo } from "react";
import type { AppRouter } from "@/server/trpc/router.ts";
import { Age } from "../../../_ui/age.tsx";
import { type PlainColumn, PlainTable } from "./plain-table.tsx";

type Usage = inferRouterOutputs<AppRouter>["apps"]["read"]["topics"][number];

interface UsageProps {
  caption: string;
  rows: readonly Usage[];
  /** Whether the rows are the apps of a topic or the topics of an app. */
  by: "app" | "topic";
}

/** Who sent how much where in the last 24 hours, each leading to its page and its messages. */
export function UsageTable({ caption, rows, by }: UsageProps) {
  return <PlainTable caption={caption} rows={rows} rowKey={(row) => row[by]} columns={useColumns(by)} />;
}

function useColumns(by: UsageProps["by"]): PlainColumn<Usage>[] {
  const t = useTranslations("registry");
  const format = useFormatter();
  return useMemo(
    () => [
      {
        id: by,
        header: t(`usage.${by}`),
        cell: (row) => (
          <Anchor component={Link} href={`/${by}s/${encodeURIComponent(row[by])}`} size="sm">
            {row[by]}
          </Anchor>
        ),
      },
      {
        id: "stored",
        header: t("usage.stored"),
        align: "end",
        cell: ({ app, topic, stored }) => (
          <Anchor component={Link} href={`/messages?${new URLSearchParams({ app, topic })}`} size="sm">
            {format.number(stored)}
          </Anchor>
        ),
      },
      { id: "last", header: t("usage.last"), align: "end", cell: (row) => <Age at={row.lastMinute} /> },
    ],
    [t, format, by],
  );
}
