"use client";
import { Chip, Select } from "@mantine/core";
import { type Icon, IconAlarm, IconHelpCircle, IconHourglass } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useQueryStates } from "nuqs";
import type { WaitingKind } from "@/server/store/waiting-messages.ts";
import { CappedCount } from "../../../_table/capped-count.tsx";
import { WAITING_KINDS, waitingParams } from "../waiting-params.ts";
import type { WaitingSum } from "./waiting-item.ts";
import { countsOf } from "./waiting-counts.ts";
import classes from "../../messages/_ui/state-chips.module.css";

const LOOK: Record<WaitingKind, { icon: Icon; look: string }> = {
  prepared: { icon: IconHourglass, look: "PREPARED" },
  overdue: { icon: IconAlarm, look: "REJECTED" },
  undecided: { icon: IconHelpCircle, look: "UNDECIDED" },
};

/** Which of them the list shows, with how many there are. */
export function WaitingChips({ sum }: { sum: WaitingSum | undefined }) {
  const t = useTranslations("prepared");
  const [params, setParams] = useQueryStates(waitingParams, { history: "push" });
  const counts = sum && countsOf(sum, params.app);
  const choose = (value: string) =>
    void setParams({ show: WAITING_KINDS.find((kind) => kind === value) ?? null, after: null });
  return (
    <fieldset className={classes.chips} aria-label={t("show")}>
      <Chip.Group value={params.show} onChange={choose}>
        {WAITING_KINDS.map((kind) => {
          const { icon: ChipIcon, look } = LOOK[kind];
          return (
            <Chip
              key={kind}
              value={kind}
              size="xs"
              radius="sm"
              variant="outline"
              icon={null}
              classNames={{ label: classes.chip, iconWrapper: classes.noMark }}
              title={t(`kindHint.${kind}`)}
              style={{ "--chip-ink": `var(--state-${look}-ink)`, "--chip-fill": `var(--state-${look}-fill)` }}
            >
              <span className={classes.face}>
                <ChipIcon size={14} aria-hidden />
                {t(`kind.${kind}`)}
                {counts !== undefined && (
                  <span className={classes.count} data-none={counts[kind].count === 0 || undefined}>
                    <CappedCount {...counts[kind]} />
                  </span>
                )}
              </span>
            </Chip>
          );
        })}
      </Chip.Group>
    </fieldset>
  );
}

/** Whose messages. */
export function AppFilter({ sum }: { sum: WaitingSum | undefined }) {
  const t = useTranslations("prepared");
  const [params, setParams] = useQueryStates(waitingParams, { history: "push" });
  const names = (sum?.apps ?? []).map(({ app }) => app);
  // An address may name what is no longer there: it is shown as it is.
  const options = !params.app || names.includes(params.app) ? names : [params.app, ...names];
  return (
    <Select
      size="xs"
      w="12rem"
      aria-label={t("appFilter")}
      placeholder={t("anyApp")}
      searchable
      clearable
      nothingFoundMessage={t("noSuchApp")}
      value={params.app}
      onChange={(app) => void setParams({ app, after: null })}
      data={options}
    />
  );
}
