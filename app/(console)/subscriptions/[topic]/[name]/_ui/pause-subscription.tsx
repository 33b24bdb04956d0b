"use client";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "../../../../../_trpc/client.ts";
import { PauseControl } from "../../../../_registry/_ui/pause-control.tsx";
import type { SubscriptionDetail } from "../../../_ui/subscription-shape.ts";
import { useSubscriptionRefresh } from "./use-subscription-refresh.ts";

/** Holds a subscription's redeliveries and calls, or lets them go on. */
export function PauseSubscription({ subscription }: { subscription: SubscriptionDetail }) {
  const t = useTranslations("subscriptions");
  const trpc = useTRPC();
  const refresh = useSubscriptionRefresh();
  const pause = useMutation(trpc.subscriptions.pause.mutationOptions());
  const { topic, name } = subscription;
  const count = subscription.waiting.WAITING?.count ?? 0;
  return (
    <PauseControl
      permission="subscription.control"
      action="pause-subscription"
      isPaused={subscription.pausedAt !== null}
      textsOf={(pausing) => ({
        label: t(pausing ? "pause" : "resume"),
        title: t(pausing ? "pauseTitle" : "resumeTitle", { name }),
        effects: (pausing ? PAUSING : RESUMING).map((line) => t(line, { count })),
        done: t(pausing ? "paused" : "resumed", { name }),
        doneBefore: t(pausing ? "pausedBefore" : "resumedBefore", { name }),
      })}
      write={async (paused, reason) => {
        const done = await pause.mutateAsync({ topic, name, paused, reason });
        await refresh();
        return done;
      }}
    />
  );
}

const PAUSING = ["pauseRedelivery", "pauseFirst", "pauseLost"] as const;
const RESUMING = ["resumeRedelivery"] as const;
