"use client";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useTRPC } from "../../../../../_trpc/client.ts";
import { ConfirmDialog } from "../../../../../_ui/confirm-dialog.tsx";
import { GatedButton } from "../../../../../_ui/gated-button.tsx";
import { showDone } from "../../../../../_ui/toasts.ts";
import type { SubscriptionDetail } from "../../../_ui/subscription-shape.ts";
import { useSubscriptionRefresh } from "./use-subscription-refresh.ts";

/** Lets redeliveries go on that were throttled, or an endpoint be called again that was disabled. */
export function OpenValve({
  subscription,
  what,
}: {
  subscription: SubscriptionDetail;
  what: "valve" | "endpoint";
}) {
  const t = useTranslations("subscriptions.valve");
  const trpc = useTRPC();
  const refresh = useSubscriptionRefresh();
  const [opened, setOpened] = useState(false);
  const reset = useMutation(trpc.subscriptions.resetValve.mutationOptions());
  const enable = useMutation(trpc.subscriptions.enableEndpoint.mutationOptions());
  const { topic, name } = subscription;
  const own = what === "valve" ? "reset" : "enable";

  async function confirm(reason: string) {
    const { changed } = await (what === "valve" ? reset : enable).mutateAsync({ topic, name, reason });
    await refresh();
    showDone({ message: t(changed ? `${own}Done` : `${own}Before`, { name }) });
  }

  return (
    <>
      <GatedButton
        permission="subscription.control"
        data-action={`${own}-${what}`}
        size="xs"
        variant="default"
        leftSection={<IconPlayerPlay size={15} aria-hidden />}
        onClick={() => setOpened(true)}
      >
        {t(own)}
      </GatedButton>
      <ConfirmDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={t(`${own}Title`, { name })}
        effect={t(`${own}Effect`)}
        reason="required"
        confirmLabel={t(own)}
        onConfirm={confirm}
      />
    </>
  );
}
