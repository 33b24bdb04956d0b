"use client";
import { Button, Group, Loader, Progress, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconDots } from "@tabler/icons-react";
import { useTimeZone, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { SearchQuery } from "@/server/domain/search-query.ts";
import { windowOf } from "@/server/domain/search-window.ts";
import { GatedButton } from "../../../_ui/gated-button.tsx";
import { Moment } from "../../../_ui/moment.tsx";
import { MOST_ROWS } from "../search-params.ts";
import classes from "./search-outcome.module.css";
import type { useSearch } from "./use-search.ts";

type Search = ReturnType<typeof useSearch>;

interface Props {
  search: Search;
  query: SearchQuery;
  unmask: boolean;
  setUnmask: (unmask: boolean) => void;
  /** Stands at the end of the line. */
  aside?: ReactNode;
}

/** Whether the answer is complete, how far the search got, what it could not look into, and the way on. */
export function SearchOutcome({ search, query, unmask, setUnmask, aside }: Props) {
  const t = useTranslations("search");
  const { last, rows, looking, stopped, scanned, notJson, sealed } = search;
  if (last === undefined || last.source === null) return null;
  const complete = last.nextBefore === null;
  const enough = rows.length >= MOST_ROWS;
  const count = rows.length;
  const says = looking
    ? t("outcome.looking")
    : complete
      ? t("outcome.complete", { count })
      : stopped
        ? t("outcome.stopped", { count })
        : enough
          ? t("outcome.enough", { count })
          : t("outcome.more", { count });
  return (
    <Stack component="section" gap={4} className={classes.outcome} aria-label={t("outcome.label")}>
      <Group gap="xs" justify="space-between">
        <Group gap="xs">
          <Mark looking={looking} complete={complete} stopped={stopped} />
          <Text size="sm" fw={600} component="output">
            {says}
          </Text>
          {looking && (
            <>
              <Text size="sm">{t("outcome.found", { count })}</Text>
              <Button size="compact-xs" variant="default" onClick={search.stop}>
                {t("outcome.stop")}
              </Button>
            </>
          )}
          {!looking && !complete && !enough && (
            <Button size="compact-xs" onClick={search.goOn}>
              {stopped ? t("outcome.goOn") : t("outcome.next")}
            </Button>
          )}
        </Group>
        <Group gap="xs">
          {!looking && (
            <Button size="compact-xs" variant="subtle" onClick={search.again}>
              {t("outcome.again")}
            </Button>
          )}
          {aside}
        </Group>
      </Group>
      {looking && <TimeCovered search={search} query={query} />}
      <Text size="xs" c="dimmed" component="div">
        {t("outcome.scanned", { count: scanned, by: t(`by.${last.source}`) })}{" "}
        {last.reached !== null && (
          <>
            {t("outcome.reached")} <Moment value={last.reached} />.{" "}
          </>
        )}
        {notJson > 0 && `${t("outcome.notJson", { count: notJson })} `}
        {sealed > 0 && `${t("outcome.sealed", { count: sealed })} `}
        {unmask && `${t("outcome.unmasked")} `}
        {query.payload && (sealed > 0 || unmask) && (
          <GatedButton
            permission="payload.unmask"
            size="compact-xs"
            variant="default"
            title={unmask ? undefined : t("unmaskHint")}
            onClick={() => setUnmask(!unmask)}
          >
            {unmask ? t("remask") : t("unmask")}
          </GatedButton>
        )}
      </Text>
    </Stack>
  );
}

function Mark({ looking, complete, stopped }: { looking: boolean; complete: boolean; stopped: boolean }) {
  if (looking) return <Loader size={16} aria-hidden />;
  if (complete) return <IconCircleCheck size={18} className={classes.complete} aria-hidden />;
  if (stopped) return <IconAlertTriangle size={18} className={classes.stopped} aria-hidden />;
  return <IconDots size={18} aria-hidden />;
}

/** How much of the time asked for has been looked at; nothing when no beginning was asked for. */
function TimeCovered({ search: { last }, query }: { search: Search; query: SearchQuery }) {
  const t = useTranslations("search");
  const zone = useTimeZone() ?? "UTC";
  if (!last?.reached) return null;
  const { from, to = last.at.getTime() } = windowOf(query, zone, last.at.getTime());
  if (from === undefined || to <= from) return null;
  const covered = Math.min(1, Math.max(0, (to - last.reached.getTime()) / (to - from)));
  return <Progress value={covered * 100} size="xs" aria-label={t("loading")} transitionDuration={200} />;
}
