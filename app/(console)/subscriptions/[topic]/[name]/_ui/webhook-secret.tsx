"use client";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "../../../../../_trpc/client.ts";
import { momentPart } from "../../../../../_ui/rich-parts.tsx";
import { SecretDialog } from "../../../../_registry/_ui/secret-dialog.tsx";
import type { SubscriptionDetail } from "../../../_ui/subscription-shape.ts";
import { useSubscriptionRefresh } from "./use-subscription-refresh.ts";

interface WebhookSecretProps {
  subscription: SubscriptionDetail;
  wish: "show" | "rotate";
  /** The version that was there when the dialog was opened: that one is replaced, and not one that it does not know of. */
  seen: number;
  opened: boolean;
  onClose: () => void;
}

/** Shows the secret that a webhook's calls are signed with, or replaces it. */
export function WebhookSecret({ subscription, wish, seen, ...dialog }: WebhookSecretProps) {
  const t = useTranslations("subscriptions.webhook");
  const trpc = useTRPC();
  const refresh = useSubscriptionRefresh();
  const show = useMutation(trpc.subscriptions.showSecret.mutationOptions({ gcTime: 0 }));
  const rotate = useMutation(trpc.subscriptions.rotateSecret.mutationOptions({ gcTime: 0 }));
  const { topic, name } = subscription;
  return (
    <SecretDialog
      {...dialog}
      wish={wish}
      texts={{
        title: t(`${wish}Title`, { name }),
        effect: t(`${wish}Effect`),
        warning: wish === "rotate" ? t("rotateWarning") : undefined,
        confirm: t(`${wish}Do`),
        name: t("secret"),
        shown: (version) => t("shown", { version }),
        overlaps: (until) => t.rich("overlaps", { until: momentPart(until) }),
        meanwhile: (version) => t("meanwhile", { version }),
      }}
      show={async (reason) => {
        const secret = await show.mutateAsync({ topic, name, reason });
        show.reset();
        return secret;
      }}
      rotate={async (reason) => {
        const result = await rotate.mutateAsync({ topic, name, seen, reason });
        rotate.reset();
        await refresh();
        return result;
      }}
    />
  );
}
