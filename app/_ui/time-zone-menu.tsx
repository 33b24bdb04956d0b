"use client";
import { ActionIcon, Popover } from "@mantine/core";
import { IconWorldPin } from "@tabler/icons-react";
import { useTimeZone, useTranslations } from "next-intl";
import dynamic from "next/dynamic";
import { useState } from "react";

const TimeZoneForm = dynamic(() => import("./time-zone-form.tsx").then((m) => m.TimeZoneForm), {
  ssr: false,
});

/** In which zone times are told: the browser's, UTC, or any other. */
export function TimeZoneMenu() {
  const t = useTranslations("preferences");
  const zone = useTimeZone() ?? "UTC";
  const [opened, setOpened] = useState(false);
  const label = t("timeZone", { name: zone });
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      withinPortal={false}
      trapFocus
      returnFocus
      width={300}
    >
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          c="var(--mantine-color-text)"
          size="lg"
          aria-label={label}
          data-preference="time-zone"
          title={label}
          onClick={() => setOpened((before) => !before)}
        >
          <IconWorldPin size={20} stroke={1.7} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={t("timeZoneTitle")}>
        {opened && <TimeZoneForm onDone={() => setOpened(false)} />}
      </Popover.Dropdown>
    </Popover>
  );
}
