"use client";
import { Chip } from "@mantine/core";
import { IconPlayerPause } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useQueryStates } from "nuqs";
import type { BacklogCount, BacklogKind } from "@/server/store/count-backlog.ts";
import { MESSAGE_STATES } from "@/server/domain/message-state.ts";
import { ChipRow, CountedChip } from "../../../_table/counted-chip.tsx";
import { STATE_LOOK } from "../../../_ui/state-look.ts";
import { useTRPC } from "../../../_trpc/client.ts";
import { messageParams, toScopeInput } from "../message-params.ts";

/** The counts are read again this often, ms; not with every change: each reads up to its cap of rows. */
const COUNT_EVERY_MS = 3000;

/**
 * The states as filters, with how many messages wait in each where that can be counted cheaply. Counts follow app, topic
 * and time; of keys there are none.
 */
export function StateChips() {
  const t = useTranslations();
  const trpc = useTRPC();
  const [params, setParams] = useQueryStates(messageParams, { history: "push" });
  const counts = useQuery(
    trpc.messages.counts.queryOptions(toScopeInput(params), {
      refetchInterval: COUNT_EVERY_MS,
      placeholderData: (before) => before,
      enabled: !params.business && !params.key,
    }),
  );
  const countable: Partial<Record<string, BacklogCount>> =
    params.business || params.key ? {} : (counts.data ?? {});
  return (
    <ChipRow label={t("messages.stateFilter")}>
      <Chip.Group multiple value={params.state} onChange={(state) => void setParams({ state, before: null })}>
        {MESSAGE_STATES.map((state) => (
          <CountedChip
            key={state}
            value={state}
            colour={`state-${state}`}
            icon={STATE_LOOK[state].icon}
            name={t(`states.${state}`)}
            hint={t(`stateMeaning.${state}`)}
            count={state === "READY" ? readyCount(countable) : countable[state]}
          />
        ))}
      </Chip.Group>
      <CountedChip
        value="held"
        colour="state-UNDECIDED"
        icon={IconPlayerPause}
        name={t("messages.heldFilter")}
        hint={t("messages.heldHint")}
        count={countable.HELD}
        checked={params.held}
        onChange={(held) => void setParams({ held, before: null })}
      />
    </ChipRow>
  );
}

/** READY with those that are held, as the filter has it. */
function readyCount(counts: Partial<Record<BacklogKind, BacklogCount>>): BacklogCount | undefined {
  const { READY: ready, HELD: held } = counts;
  if (ready === undefined || held === undefined) return ready;
  return { count: ready.count + held.count, capped: ready.capped || held.capped };
}
