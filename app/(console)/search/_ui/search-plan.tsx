"use client";
import { Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconRoute } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTimeZone, useTranslations } from "next-intl";
import type { SearchQuery } from "@/server/domain/search-query.ts";
import { useTRPC } from "../../../_trpc/client.ts";
import classes from "./search-plan.module.css";

/** What the query in the box will look at, told before it is run. @param text a query that can be understood */
export function SearchPlan({ text, query }: { text: string; query: SearchQuery }) {
  const t = useTranslations("search");
  const trpc = useTRPC();
  const zone = useTimeZone() ?? "UTC";
  const [q] = useDebouncedValue(text.trim(), 250);
  const { data: plan } = useQuery(
    trpc.search.plan.queryOptions(
      { q, zone, at: null },
      { enabled: q !== "", placeholderData: keepPreviousData, retry: false, staleTime: 30_000 },
    ),
  );
  const words: string[] = [];
  if (plan?.unknown) words.push(`${t(`unknown.${plan.unknown.field}`, { name: plan.unknown.name })}.`);
  else if (plan?.source) {
    const by = t(`by.${plan.source}`);
    if (plan.exact)
      words.push(
        plan.candidates === null
          ? t("plan.exact", { by })
          : t("plan.exactFew", { by, count: plan.candidates }),
      );
    else
      words.push(
        plan.candidates === null ? t("plan.many", { by }) : t("plan.few", { by, count: plan.candidates }),
      );
    if (query.payload && plan.candidates !== 0) words.push(t("plan.payload"));
    if (plan.masked.length > 0) words.push(t("plan.masked", { count: plan.masked.length }));
    if (plan.source === "newest" && plan.candidates === null && !plan.exact) words.push(t("plan.wide"));
  }
  return (
    <Text size="xs" c="dimmed" component="output" className={classes.plan} aria-label={t("plan.label")}>
      {words.length > 0 && <IconRoute size={14} aria-hidden className={classes.icon} />}
      {words.join(" ")}
    </Text>
  );
}
