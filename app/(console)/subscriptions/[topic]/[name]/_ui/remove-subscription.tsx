"use client";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "../../../../../_trpc/client.ts";
import { RemoveControl } from "../../../../_registry/_ui/remove-control.tsx";
import type { SubscriptionDetail } from "../../../_ui/subscription-shape.ts";

interface RemoveSubscriptionProps {
  subscription: SubscriptionDetail;
  onLeaving: (leaving: boolean) => void;
}

/** Forgets a subscription; says how many deliveries are discarded with it. */
export function RemoveSubscription({ subscription, onLeaving }: RemoveSubscriptionProps) {
  const t = useTranslations("subscriptions");
  const trpc = useTRPC();
  const remove = useMutation(trpc.subscriptions.remove.mutationOptions());
  const { topic, name, waiting } = subscription;
  const open = [waiting.PENDING, waiting.WAITING, waiting.DEAD].reduce(
    (sum, one) => sum + (one?.count ?? 0),
    0,
  );
  return (
    <RemoveControl
      permission="subscription.manage"
      action="remove-subscription"
      texts={{
        label: t("remove"),
        title: t("removeTitle", { name }),
        effect: t("removeEffect"),
        warning: t("removeWarning", { count: open }),
        confirm: t("removeDo"),
        done: t("removed", { name }),
      }}
      list="/subscriptions"
      write={(reason) => remove.mutateAsync({ topic, name, reason })}
      onLeaving={onLeaving}
    />
  );
}
