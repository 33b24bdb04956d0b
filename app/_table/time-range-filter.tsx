"use client";
import { Button, Divider, Loader, Popover, Stack } from "@mantine/core";
import { IconCheck, IconClock } from "@tabler/icons-react";
import { useTimeZone, useTranslations } from "next-intl";
import dynamic from "next/dynamic";
import { useState } from "react";
import { formatMoment } from "../_ui/format-moment.ts";
import { ANY_TIME, RECENTS, type TimeRange, isAnyTime } from "./time-range.ts";

/** The calendar is loaded when it is wanted. */
const TimeRangeFields = dynamic(async () => (await import("./time-range-fields.tsx")).TimeRangeFields, {
  ssr: false,
  loading: () => <Loader size="sm" />,
});

/** Narrows a list to a time: one of the usual ranges, or from one moment to another in the operator's zone. */
export function TimeRangeFilter({
  value,
  onChange,
}: {
  value: TimeRange;
  onChange: (range: TimeRange) => void;
}) {
  const t = useTranslations("table.time");
  const zone = useTimeZone() ?? "UTC";
  const [opened, setOpened] = useState(false);
  const short = (moment: Date) => formatMoment(moment, zone).slice(0, 16);

  function label(): string {
    if (value.recent !== null) return t(`recent.${value.recent}`);
    if (value.from !== null && value.to !== null)
      return t("between", { from: short(value.from), to: short(value.to) });
    if (value.from !== null) return t("since", { from: short(value.from) });
    if (value.to !== null) return t("until", { to: short(value.to) });
    return t("any");
  }

  function choose(range: TimeRange) {
    onChange(range);
    setOpened(false);
  }

  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <Button
          size="xs"
          variant="default"
          fw={500}
          leftSection={<IconClock size={15} aria-hidden />}
          data-active={!isAnyTime(value) || undefined}
          aria-label={t("label", { range: label() })}
          onClick={() => setOpened(!opened)}
        >
          {label()}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t("title")} p="sm">
        <Stack gap={4}>
          {[null, ...RECENTS].map((recent) => {
            const current = recent === null ? isAnyTime(value) : value.recent === recent;
            return (
              <Button
                key={recent ?? "any"}
                size="compact-sm"
                variant="subtle"
                color="gray"
                c="var(--mantine-color-text)"
                fw={400}
                justify="space-between"
                aria-pressed={current}
                rightSection={current && <IconCheck size={15} aria-hidden />}
                onClick={() => choose({ ...ANY_TIME, recent })}
              >
                {recent === null ? t("any") : t(`recent.${recent}`)}
              </Button>
            );
          })}
          <Divider my={4} label={t("fixed", { zone })} />
          {opened && <TimeRangeFields value={value} onApply={choose} />}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
