"use client";
import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useQueryStates } from "nuqs";
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
  const apps = (names.data?.apps ?? []).map((name) => ({ value: name, label: name }));
  return (
    <div className={classes.filters}>
      <Select
        className={classes.name}
        size="xs"
        aria-label={t("topicFilter")}
        placeholder={t("anyTopic")}
        searchable
        clearable
        nothingFoundMessage={t("noSuchTopic")}
        value={params.topic}
        onChange={(topic) => void setParams({ topic, before: null })}
        data={withChosen(topics, params.topic)}
      />
      <Select
        className={classes.name}
        size="xs"
        aria-label={t("appFilter")}
        placeholder={t("anyApp")}
        searchable
        clearable
        nothingFoundMessage={t("noSuchApp")}
        value={params.app}
        onChange={(app) => void setParams({ app, before: null })}
        data={withChosen(apps, params.app)}
      />
      <TimeRangeFilter value={params} onChange={(range) => void setParams({ ...range, before: null })} />
      <KeyFilter />
    </div>
  );
}

/** An address may name what is no longer there: it is shown as it is. */
function withChosen(options: { value: string; label: string }[], chosen: string | null) {
  if (!chosen || options.some(({ value }) => value === chosen)) return options;
  return [{ value: chosen, label: chosen }, ...options];
}
