"use client";
import { Radio, Select, Stack } from "@mantine/core";
import { useTimeZone, useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { TIME_ZONE_CHOICE_COOKIE } from "@/i18n/locales.ts";
import { keepPreference, readPreference } from "./keep-preference.ts";

const BROWSER = "browser";
const OTHER = "other";
const zones = () => Intl.supportedValuesOf("timeZone");

/** @param onDone a zone was chosen, and the page is on its way to show it */
export function TimeZoneForm({ onDone }: { onDone: () => void }) {
  const t = useTranslations("preferences");
  const router = useRouter();
  const shown = useTimeZone() ?? "UTC";
  const [choice, setChoice] = useState(() => {
    const kept = readPreference(TIME_ZONE_CHOICE_COOKIE) ?? BROWSER;
    return kept === BROWSER || kept === "UTC" ? kept : OTHER;
  });
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;

  function keep(zone: string) {
    keepPreference(TIME_ZONE_CHOICE_COOKIE, zone);
    router.refresh();
    onDone();
  }

  return (
    <Stack gap="sm">
      <Radio.Group
        label={t("timeZoneTitle")}
        value={choice}
        onChange={(value) => {
          setChoice(value);
          if (value !== OTHER) keep(value);
        }}
      >
        <Stack gap="xs" mt="xs">
          <Radio value={BROWSER} label={t("timeZoneBrowser", { name: own })} />
          <Radio value="UTC" label={t("timeZoneUtc")} />
          <Radio value={OTHER} label={t("timeZoneOther")} />
        </Stack>
      </Radio.Group>
      {choice === OTHER && (
        <Select
          aria-label={t("timeZoneOther")}
          placeholder={t("timeZoneSearch")}
          searchable
          limit={60}
          data={zones()}
          defaultValue={zones().includes(shown) ? shown : null}
          onChange={(zone) => zone !== null && keep(zone)}
          nothingFoundMessage={t("timeZoneNone")}
          comboboxProps={{ withinPortal: false }}
        />
      )}
    </Stack>
  );
}
