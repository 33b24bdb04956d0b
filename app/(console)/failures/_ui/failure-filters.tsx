"use client";
import { SegmentedControl, Select } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useQueryStates } from "nuqs";
import { NameFilter } from "../../../_table/name-filter.tsx";
import { FAILURE_SHOWS, FAILURE_SPANS, REGROUPINGS, failureParams } from "../failure-params.ts";
import type { FailureGroup } from "./failure-shape.ts";
import { subscriptionOf } from "./regroup.ts";

/** How far back, and by what groups are put together. */
export function FailureView() {
  const t = useTranslations("failures");
  const [{ span, by }, setParams] = useQueryStates(failureParams, { history: "push" });
  return (
    <>
      <Select
        size="xs"
        w="13rem"
        aria-label={t("regroup")}
        allowDeselect={false}
        value={by}
        onChange={(value) => void setParams({ by: REGROUPINGS.find((one) => one === value) ?? null })}
        data={REGROUPINGS.map((value) => ({ value, label: t(`by.${value}`) }))}
      />
      <SegmentedControl
        size="xs"
        aria-label={t("span")}
        value={span}
        onChange={(value) => void setParams({ span: value })}
        data={FAILURE_SPANS.map((value) => ({ value, label: t(`spans.${value}`) }))}
      />
    </>
  );
}

/** Whose failures, of which kind, and whether those that are ignored are shown. */
export function FailureFilters({ groups }: { groups: readonly FailureGroup[] }) {
  const t = useTranslations("failures");
  const [params, setParams] = useQueryStates(failureParams, { history: "push" });
  const namesOf = {
    error: groups.map((group) => group.errorType),
    subscription: groups.map(subscriptionOf),
    topic: groups.map((group) => group.topic),
    app: groups.flatMap((group) => group.app ?? []),
  };
  return (
    <>
      <SegmentedControl
        size="xs"
        aria-label={t("show")}
        value={params.show}
        onChange={(value) => void setParams({ show: value })}
        data={FAILURE_SHOWS.map((value) => ({ value, label: t(`shows.${value}`) }))}
      />
      {(["error", "subscription", "topic", "app"] as const).map((field) => (
        <NameFilter
          key={field}
          label={t(`columns.${field}`)}
          any={t(`any.${field}`)}
          nothingFound={t("noSuch")}
          value={params[field]}
          onChange={(value) => void setParams({ [field]: value })}
          options={[...new Set(namesOf[field])].toSorted()}
          width="11rem"
        />
      ))}
    </>
  );
}
