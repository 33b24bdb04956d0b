"use client";
import { Alert, Button, Group } from "@mantine/core";
import { IconEye } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useTickingNow } from "../../../../../_ui/use-ticking-now.ts";
import type { UnmaskedLook } from "./use-unmasked.ts";

/** Above a masked payload while it is shown: for how much longer. */
export function UnmaskedBar({ look }: { look: UnmaskedLook }) {
  const t = useTranslations("payload");
  const now = useTickingNow();
  const left = Math.max(0, Math.ceil((look.until - now) / 1000));
  const time = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  return (
    <Alert color="orange" icon={<IconEye aria-hidden />}>
      <Group justify="space-between" gap="xs">
        <span role="timer">{t("shownFor", { time })}</span>
        <Group gap="xs">
          <Button size="compact-xs" variant="default" onClick={look.show} loading={look.busy}>
            {t("showLonger")}
          </Button>
          <Button size="compact-xs" variant="default" onClick={look.hide}>
            {t("hideNow")}
          </Button>
        </Group>
      </Group>
    </Alert>
  );
}
