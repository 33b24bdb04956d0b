"use client";
import "@mantine/dates/styles.css";
import { Button, Stack } from "@mantine/core";
import { DateTimePicker } from "@mantine/dates";
import { useLocale, useTimeZone, useTranslations } from "next-intl";
import "dayjs/locale/zh-cn";
import { useState } from "react";
import { momentOf } from "@/server/domain/search-time.ts";
import { formatMoment } from "../_ui/format-moment.ts";
import type { TimeRange } from "./time-range.ts";

/** From and to, on the clock of the operator's zone. */
export function TimeRangeFields({
  value,
  onApply,
}: {
  value: TimeRange;
  onApply: (range: TimeRange) => void;
}) {
  const t = useTranslations("table.time");
  const zone = useTimeZone() ?? "UTC";
  const wall = (moment: Date | null) => (moment === null ? null : formatMoment(moment, zone));
  const [from, setFrom] = useState(wall(value.from));
  const [to, setTo] = useState(wall(value.to));
  const moment = (written: string | null) =>
    written === null ? null : new Date(momentOf(written.replace(" ", "T"), zone));
  const backwards = from !== null && to !== null && from >= to;

  const field = {
    size: "xs",
    valueFormat: "YYYY-MM-DD HH:mm",
    locale: useLocale() === "zh" ? "zh-cn" : "en",
    clearable: true,
    w: "15rem",
    popoverProps: { withinPortal: false },
  } as const;
  return (
    <Stack gap="xs">
      <DateTimePicker
        {...field}
        label={t("from")}
        placeholder={t("fromOpen")}
        value={from}
        onChange={setFrom}
      />
      <DateTimePicker
        {...field}
        label={t("to")}
        placeholder={t("toOpen")}
        value={to}
        onChange={setTo}
        error={backwards && t("backwards")}
      />
      <Button
        size="xs"
        disabled={backwards || (from === null && to === null)}
        onClick={() => onApply({ recent: null, from: moment(from), to: moment(to) })}
      >
        {t("apply")}
      </Button>
    </Stack>
  );
}
