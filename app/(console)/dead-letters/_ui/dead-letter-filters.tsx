"use client";
import { Chip, Pill } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useQueryStates } from "nuqs";
import { DELIVERY_STATES } from "@/server/domain/delivery-state.ts";
import { ChipRow, CountedChip } from "../../../_table/counted-chip.tsx";
import { NameFilter } from "../../../_table/name-filter.tsx";
import { TimeRangeFilter } from "../../../_table/time-range-filter.tsx";
import { useTRPC } from "../../../_trpc/client.ts";
import { DELIVERY_LOOK } from "../../_deliveries/_ui/delivery-look.ts";
import { keyOf } from "../../subscriptions/_ui/subscription-shape.ts";
import { COUNTED_STATES, deadLetterParams, toScope } from "../dead-letter-params.ts";

/** The counts are read again this often, ms; not with every change: each reads up to its cap of rows. */
const COUNT_EVERY_MS = 3000;
/** In the order in which an operator cares. */
const SHOWN = [
  "DEAD",
  "WAITING",
  "PENDING",
  "DISCARDED",
  "ACKED",
] as const satisfies (typeof DELIVERY_STATES)[number][];
const COUNTED = new Set<string>(COUNTED_STATES);

/** How many deliveries in a state the filter has; undefined: not known, or not to be counted cheaply. */
export function useDeliveryCount(state: (typeof SHOWN)[number]) {
  const trpc = useTRPC();
  const [params] = useQueryStates(deadLetterParams);
  return useQuery(
    trpc.deliveries.count.queryOptions(
      { ...toScope(params), states: [state] },
      {
        refetchInterval: COUNT_EVERY_MS,
        placeholderData: (before) => before,
        enabled: COUNTED.has(state),
      },
    ),
  );
}

/** Which deliveries the list shows, with how many there are. */
export function DeliveryChips() {
  const t = useTranslations("deadLetters");
  const [params, setParams] = useQueryStates(deadLetterParams, { history: "push" });
  const choose = (value: string) =>
    void setParams({ state: DELIVERY_STATES.find((state) => state === value) ?? null, after: null });
  return (
    <ChipRow label={t("show")}>
      <Chip.Group value={params.state} onChange={choose}>
        {SHOWN.map((state) => (
          <DeliveryChip key={state} state={state} />
        ))}
      </Chip.Group>
    </ChipRow>
  );
}

function DeliveryChip({ state }: { state: (typeof SHOWN)[number] }) {
  const t = useTranslations("deliveries");
  const count = useDeliveryCount(state).data;
  const { icon, tone } = DELIVERY_LOOK[state];
  return (
    <CountedChip
      value={state}
      icon={icon}
      colour={`tone-${tone}`}
      name={t(`states.${state}`)}
      hint={t(`meaning.${state}`)}
      count={count}
    />
  );
}

/** Whose, of which app, of which time; held by the address. Another filter begins at the newest again. */
export function ScopeFilters() {
  const t = useTranslations("deadLetters");
  const trpc = useTRPC();
  const subscriptions = useQuery(trpc.subscriptions.list.queryOptions());
  const names = useQuery(trpc.messages.filterNames.queryOptions());
  const [params, setParams] = useQueryStates(deadLetterParams, { history: "push" });
  return (
    <>
      <NameFilter
        label={t("columns.subscription")}
        any={t("anySubscription")}
        nothingFound={t("noSuch")}
        value={params.subscription}
        onChange={(subscription) => void setParams({ subscription, topic: null, after: null })}
        options={subscriptions.data?.map(keyOf) ?? []}
        width="15rem"
      />
      <NameFilter
        label={t("columns.app")}
        any={t("anyApp")}
        nothingFound={t("noSuch")}
        value={params.app}
        onChange={(app) => void setParams({ app, after: null })}
        options={names.data?.apps ?? []}
        width="10rem"
      />
      <TimeRangeFilter value={params} onChange={(range) => void setParams({ ...range, after: null })} />
    </>
  );
}

/** A filter that has no control of its own is shown where it can be taken away. */
export function GroupFilter() {
  const t = useTranslations("deadLetters");
  const [{ group, topic, subscription }, setParams] = useQueryStates(deadLetterParams, { history: "push" });
  const pills = [
    group !== null && { key: "group", label: t("ofGroup", { group }), clear: { group: null } },
    topic !== null && subscription === null && { key: "topic", label: topic, clear: { topic: null } },
  ].filter((pill) => pill !== false);
  return pills.map(({ key, label, clear }) => (
    <Pill
      key={key}
      withRemoveButton
      removeButtonProps={{ "aria-label": t("unfilter", { what: label }), "aria-hidden": false, tabIndex: 0 }}
      onRemove={() => void setParams({ ...clear, after: null })}
    >
      {label}
    </Pill>
  ));
}
