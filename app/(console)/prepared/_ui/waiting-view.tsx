"use client";
import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "next-intl";
import dynamic from "next/dynamic";
import { useQueryStates } from "nuqs";
import { useMemo, useState } from "react";
import { LIVE } from "../../../_live/refresh-live-queries.ts";
import { DataTable } from "../../../_table/data-table.tsx";
import { FilterBar } from "../../../_table/filter-bar.tsx";
import { FreshRows } from "../../../_table/fresh-rows.tsx";
import { KeysetPager } from "../../../_table/keyset-pager.tsx";
import { useSelection } from "../../../_table/use-selection.ts";
import { useTRPC } from "../../../_trpc/client.ts";
import { PageHeader } from "../../../_ui/page-header.tsx";
import { QueryView } from "../../../_ui/query-view.tsx";
import { ListSkeleton } from "../../messages/_ui/list-skeleton.tsx";
import { PeekSkeleton } from "../../messages/_ui/peek-skeleton.tsx";
import { NO_WAITING_FILTER, PAGE_SIZE, waitingParams, writeCursor } from "../waiting-params.ts";
import { useWaitingList } from "./use-waiting-list.ts";
import { useAskWarning } from "../../_checks/_ui/use-ask-warning.ts";
import { AskButton } from "./ask-button.tsx";
import { WaitingApps } from "./waiting-apps.tsx";
import { AppFilter, WaitingChips } from "./waiting-chips.tsx";
import { useWaitingColumns } from "./waiting-columns.tsx";
import { countsOf } from "./waiting-counts.ts";
import { WaitingEmpty } from "./waiting-empty.tsx";
import { type ShownItem, type WaitingSum, keyOfWaiting } from "./waiting-item.ts";

const WaitingPeek = dynamic(async () => (await import("./waiting-peek.tsx")).WaitingPeek, {
  ssr: false,
  loading: PeekSkeleton,
});
const peekById = (id: string) => <WaitingPeek key={id} id={id} />;

/** What waits for its producer: whose it is, when it is asked next, what it answered, and the ways to have it asked again. */
export function WaitingView() {
  const t = useTranslations("prepared");
  const trpc = useTRPC();
  const [params, setParams] = useQueryStates(waitingParams, { history: "push", scroll: true });
  const sum = useQuery(trpc.prepared.sum.queryOptions(undefined, LIVE));
  const columns = useWaitingColumns(params.show === "undecided");
  const [reading, setReading] = useState(false);
  const { selection, selectAmong, clear } = useSelection<ShownItem>(`${params.show} ${params.app ?? ""}`);
  const { query, rows, tail, fresh, showFresh } = useWaitingList(reading || selection.size > 0);
  const selected = useMemo(() => new Set(selection.keys()), [selection]);
  const warningFor = useAskWarning();
  const chosen = [...selection.values()];
  const actions = (
    <AskButton
      action="ask-selected"
      which={{ ids: chosen.map(keyOfWaiting) }}
      label={t("askSelected", { count: chosen.length })}
      size="compact-sm"
      warning={warningFor(
        chosen.map(({ app, asked, breaker }) => ({ app, asked, away: breaker !== "closed" })),
      )}
      onAsked={clear}
    />
  );

  return (
    <Stack gap="xs">
      <PageHeader title={t("title")} description={t("description")} actions={<AppFilter sum={sum.data} />} />
      {sum.data !== undefined && params.app === null && <WaitingApps sum={sum.data} />}
      <FilterBar active={params.app !== null} clear={() => void setParams(NO_WAITING_FILTER)}>
        <WaitingChips sum={sum.data} />
        {sum.data !== undefined && <AskAll sum={sum.data} />}
      </FilterBar>
      <FreshRows count={fresh} pageSize={PAGE_SIZE} show={showFresh} />
      <QueryView query={query} skeleton={<ListSkeleton />}>
        {(newest) => {
          const page = tail ?? newest;
          return (
            <Stack gap="xs">
              <DataTable
                id={params.show === "undecided" ? "undecided" : "prepared"}
                caption={t(`caption.${params.show}`)}
                columns={columns}
                rows={rows}
                rowKey={keyOfWaiting}
                rowHref={hrefOf}
                peek={(item) => peekById(item.id)}
                absent={{ peek: peekById, href: (id) => `/messages/${id}` }}
                selection={{ selected, onChange: (keys) => selectAmong(keys, rows) }}
                bulk={() => actions}
                outdated={query.isPlaceholderData}
                onBusy={setReading}
                empty={<WaitingEmpty />}
              />
              <KeysetPager
                newest={params.after === null ? null : () => void setParams({ after: null })}
                newestLabel={t("first")}
                older={page.next === null ? null : () => void setParams({ after: writeCursor(page.next!) })}
                olderLabel={t("next")}
                note={page.next === null && rows.length > 0 ? t("end") : null}
              />
            </Stack>
          );
        }}
      </QueryView>
    </Stack>
  );
}

const hrefOf = (item: ShownItem) => `/messages/${item.id}`;

/** Has the producers of all that match the filter asked. */
function AskAll({ sum }: { sum: WaitingSum }) {
  const t = useTranslations("prepared");
  const format = useFormatter();
  const [{ show, app }] = useQueryStates(waitingParams);
  const warningFor = useAskWarning();
  const { count } = countsOf(sum, app)[show];
  const state = show === "undecided" ? "UNDECIDED" : "PREPARED";
  const concerned = sum.apps
    .filter((one) => (app === null || one.app === app) && one[show] > 0)
    .map((one) => ({
      app: one.app,
      asked: one.checkUrl !== null,
      away: one.breaker !== null && one.breaker.state !== "closed",
    }));
  return (
    <AskButton
      action="ask-all"
      which={{ app, state, count }}
      label={
        // It stays in its place without them: its dialog may be open while the last of them are asked about.
        count === 0
          ? t("askAllNone")
          : t(state === "UNDECIDED" ? "askAllAgain" : "askAllNow", { count: format.number(count) })
      }
      size="compact-sm"
      blocked={count === 0 ? t("nothingToAsk") : show === "overdue" ? t("dueAlready") : null}
      warning={warningFor(concerned)}
    />
  );
}
