"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useQueryStates } from "nuqs";
import { NameFilter } from "../../../_table/name-filter.tsx";
import { TimeRangeFilter } from "../../../_table/time-range-filter.tsx";
import { useTRPC } from "../../../_trpc/client.ts";
import { messageParams } from "../message-params.ts";
import { KeyFilter } from "./key-filter.tsx";
import classes from "./scope-filters.module.css";

/** Topic, app, time and keys, held by the address. Another filter begins at the newest message again. */
export function ScopeFilters() {
  const t = useTranslations("messages");
  const trpc = useTRPC();
  const names = useQuery(trpc.messages.filterNames.queryOptions());
  const [params, setParams] = useQueryStates(messageParams, { history: "push" });
  const topics = (names.data?.topics ?? []).map(({ name, faulty }) => ({
    value: name,
    label: faulty ? t("topicFaulty", { name }) : name,
  }));
  return (
    <div className={classes.filters}>
      <NameFilter
        className={classes.name}
        label={t("topicFilter")}
        any={t("anyTopic")}
        nothingFound={t("noSuchTopic")}
        value={params.topic}
        onChange={(topic) => void setParams({ topic, before: null })}
        options={topics}
      />
      <NameFilter
        className={classes.name}
        label={t("appFilter")}
        any={t("anyApp")}
        nothingFound={t("noSuchApp")}
        value={params.app}
        onChange={(app) => void setParams({ app, before: null })}
        options={names.data?.apps ?? []}
      />
      <TimeRangeFilter value={params} onChange={(range) => void setParams({ ...range, before: null })} />
      <KeyFilter />
    </div>
  );
}
