"use client";
import { Group, Text } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useTRPC } from "../../../../_trpc/client.ts";
import { Age } from "../../../../_ui/age.tsx";
import { ConfirmDialog } from "../../../../_ui/confirm-dialog.tsx";
import { Fact } from "../../../../_ui/facts.tsx";
import { GatedButton } from "../../../../_ui/gated-button.tsx";
import { Moment } from "../../../../_ui/moment.tsx";
import { showDone } from "../../../../_ui/toasts.ts";
import { BreakerBadge } from "../../../_checks/_ui/breaker-badge.tsx";
import type { AppDetail } from "./app-detail.ts";

/** Whether the app can be reached; when not, since when, why, when it is tried next, and the way to try at once. */
export function BreakerFacts({ app }: { app: AppDetail }) {
  const t = useTranslations("apps.breaker");
  const { name, checkUrl, breaker } = app;
  const away = breaker !== null && breaker.state !== "closed";
  return (
    <>
      <Fact name={t("name")}>
        <Group gap="xs">
          <BreakerBadge asked={checkUrl !== null} breaker={breaker?.state ?? null} />
          {away && <span>{t.rich("since", { age: () => <Age at={breaker.since} /> })}</span>}
          {away && <ResetBreaker name={name} />}
        </Group>
      </Fact>
      {away && (
        <Fact name={t("why")}>
          <div>
            <span style={{ overflowWrap: "anywhere" }}>{breaker.lastError ?? t("noWhy")}</span>
            <Text size="xs" c="dimmed">
              {t("tries", { failures: breaker.failures, trips: breaker.trips })}{" "}
              {breaker.probeAt !== null && t.rich("next", { at: () => <Moment value={breaker.probeAt!} /> })}
            </Text>
          </div>
        </Fact>
      )}
    </>
  );
}

function ResetBreaker({ name }: { name: string }) {
  const t = useTranslations("apps.breaker");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [opened, setOpened] = useState(false);
  const reset = useMutation(trpc.apps.resetBreaker.mutationOptions());

  async function confirm(reason: string) {
    const { reset: changed } = await reset.mutateAsync({ name, reason });
    await queries.invalidateQueries(trpc.apps.pathFilter());
    showDone({ message: t(changed ? "wasReset" : "closedBefore", { name }) });
  }

  return (
    <>
      <GatedButton
        permission="app.probe"
        data-action="reset-breaker"
        size="compact-xs"
        variant="default"
        leftSection={<IconRefresh size={14} aria-hidden />}
        onClick={() => setOpened(true)}
      >
        {t("reset")}
      </GatedButton>
      <ConfirmDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={t("resetTitle", { name })}
        effect={t("resetEffect")}
        reason="optional"
        confirmLabel={t("resetDo")}
        onConfirm={confirm}
      />
    </>
  );
}
