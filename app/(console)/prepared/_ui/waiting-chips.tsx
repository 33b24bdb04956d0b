"use client";
import { Chip } from "@mantine/core";
import { type Icon, IconAlarm, IconHelpCircle, IconHourglass } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useQueryStates } from "nuqs";
import type { WaitingKind } from "@/server/store/waiting-messages.ts";
import { ChipRow, CountedChip } from "../../../_table/counted-chip.tsx";
import { NameFilter } from "../../../_table/name-filter.tsx";
import { WAITING_KINDS, waitingParams } from "../waiting-params.ts";
import type { WaitingSum } from "./waiting-item.ts";
import { countsOf } from "./waiting-counts.ts";

const LOOK: Record<WaitingKind, { icon: Icon; colour: string }> = {
  prepared: { icon: IconHourglass, colour: "state-PREPARED" },
  overdue: { icon: IconAlarm, colour: "state-REJECTED" },
  undecided: { icon: IconHelpCircle, colour: "state-UNDECIDED" },
};

/** Which of them the list shows, with how many there are. */
export function WaitingChips({ sum }: { sum: WaitingSum | undefined }) {
  const t = useTranslations("prepared");
  const [params, setParams] = useQueryStates(waitingParams, { history: "push" });
  const counts = sum && countsOf(sum, params.app);
  const choose = (value: string) =>
    void setParams({ show: WAITING_KINDS.find((kind) => kind === value) ?? null, after: null });
  return (
    <ChipRow label={t("show")}>
      <Chip.Group value={params.show} onChange={choose}>
        {WAITING_KINDS.map((kind) => (
          <CountedChip
            key={kind}
            value={kind}
            {...LOOK[kind]}
            name={t(`kind.${kind}`)}
            hint={t(`kindHint.${kind}`)}
            count={counts?.[kind]}
          />
        ))}
      </Chip.Group>
    </ChipRow>
  );
}

/** Whose messages. */
export function AppFilter({ sum }: { sum: WaitingSum | undefined }) {
  const t = useTranslations("prepared");
  const [params, setParams] = useQueryStates(waitingParams, { history: "push" });
  return (
    <NameFilter
      label={t("appFilter")}
      any={t("anyApp")}
      nothingFound={t("noSuchApp")}
      value={params.app}
      onChange={(app) => void setParams({ app, after: null })}
      options={(sum?.apps ?? []).map(({ app }) => app)}
      width="12rem"
    />
  );
}
