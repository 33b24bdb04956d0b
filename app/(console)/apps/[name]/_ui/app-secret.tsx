"use client";
import { Group, Text } from "@mantine/core";
import { IconEye, IconRefresh } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import dynamic from "next/dynamic";
import { useState } from "react";
import { Fact } from "../../../../_ui/facts.tsx";
import { GatedButton } from "../../../../_ui/gated-button.tsx";
import { Moment } from "../../../../_ui/moment.tsx";
import type { AppDetail } from "./app-detail.ts";

const SecretDialog = dynamic(() => import("./secret-dialog.tsx").then((m) => m.SecretDialog), { ssr: false });

/** Which signing secret counts, and the ways to see and to replace it. The secret itself comes on request only. */
export function AppSecret({ app }: { app: AppDetail }) {
  const t = useTranslations("apps.secret");
  const [asked, setAsked] = useState<{ wish: "show" | "rotate"; seen: number } | null>(null);
  const [opened, setOpened] = useState(false);
  const begin = (wish: "show" | "rotate") => {
    setAsked({ wish, seen: app.secretVersion });
    setOpened(true);
  };
  return (
    <Fact name={t("name")}>
      <div>
        <Group gap="xs">
          <span>{t("version", { version: app.secretVersion })}</span>
          <GatedButton
            permission="app.secret"
            data-action="show-secret"
            size="compact-xs"
            variant="default"
            leftSection={<IconEye size={14} aria-hidden />}
            onClick={() => begin("show")}
          >
            {t("show")}
          </GatedButton>
          <GatedButton
            permission="app.secret"
            data-action="rotate-secret"
            size="compact-xs"
            variant="default"
            leftSection={<IconRefresh size={14} aria-hidden />}
            onClick={() => begin("rotate")}
          >
            {t("rotate")}
          </GatedButton>
        </Group>
        {app.secretRotatedAt !== null && (
          <Text size="xs" c="dimmed">
            {t.rich("rotated", { at: () => <Moment value={app.secretRotatedAt!} /> })}
          </Text>
        )}
      </div>
      {asked !== null && (
        <SecretDialog
          key={asked.wish}
          {...asked}
          app={app}
          opened={opened}
          onClose={() => setOpened(false)}
        />
      )}
    </Fact>
  );
}
