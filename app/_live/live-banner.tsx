"use client";
import { Alert } from "@mantine/core";
import { IconPlugConnectedX } from "@tabler/icons-react";
import { useTimeZone, useTranslations } from "next-intl";
import { formatMoment } from "../_ui/format-moment.ts";
import { useLiveState } from "./live-provider.tsx";

/** Above the page while it cannot be trusted to be fresh. */
export function LiveBanner() {
  const t = useTranslations("live");
  const zone = useTimeZone() ?? "UTC";
  const { liveness, at } = useLiveState();
  if (liveness === "live" || liveness === "connecting") return null;
  const time = at === null ? t("never") : formatMoment(at, zone);
  return (
    <Alert color="orange" mb="md" icon={<IconPlugConnectedX aria-hidden />} title={t(liveness)}>
      {t(`${liveness}Hint`, { time })}
    </Alert>
  );
}
