"use client";
import { IconTrash } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTRPC } from "../../../../../_trpc/client.ts";
import { ConfirmDialog } from "../../../../../_ui/confirm-dialog.tsx";
import { GatedButton } from "../../../../../_ui/gated-button.tsx";
import { showDone } from "../../../../../_ui/toasts.ts";
import type { SubscriptionDetail } from "../../../_ui/subscription-shape.ts";

/** Forgets a subscription; says how many deliveries are discarded with it. */
export function RemoveSubscription({
  subscription,
  onLeaving,
}: {
  subscription: SubscriptionDetail;
  /** Told before it is removed, and when that did not work. */
  onLeaving: (leaving: boolean) => void;
}) {
  const t = useTranslations("subscriptions");
  const trpc = useTRPC();
  const router = useRouter();
  const [opened, setOpened] = useState(false);
  const remove = useMutation(trpc.subscriptions.remove.mutationOptions());
  const { topic, name, waiting } = subscription;
  const open = [waiting.PENDING, waiting.WAITING, waiting.DEAD].reduce(
    (sum, one) => sum + (one?.count ?? 0),
    0,
  );

  async function confirm(reason: string) {
    onLeaving(true);
    try {
      await remove.mutateAsync({ topic, name, reason });
    } catch (error) {
      onLeaving(false);
      throw error;
    }
    showDone({ message: t("removed", { name }) });
    router.push("/subscriptions");
  }

  return (
    <>
      <GatedButton
        permission="subscription.manage"
        data-action="remove-subscription"
        variant="default"
        leftSection={<IconTrash size={16} aria-hidden />}
        onClick={() => setOpened(true)}
      >
        {t("remove")}
      </GatedButton>
      <ConfirmDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={t("removeTitle", { name })}
        effect={t("removeEffect")}
        warning={t("removeWarning", { count: open })}
        reason="required"
        danger
        confirmLabel={t("removeDo")}
        onConfirm={confirm}
      />
    </>
  );
}
