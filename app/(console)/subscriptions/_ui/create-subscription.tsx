"use client";
import { IconPlus } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTRPC } from "../../../_trpc/client.ts";
import { ConfirmButton } from "../../../_ui/confirm-button.tsx";
import { showDone } from "../../../_ui/toasts.ts";
import { emptyForm, faultsOf, specFrom } from "./subscription-draft.ts";
import { SubscriptionFields } from "./subscription-fields.tsx";
import { declarationOf, hrefOf } from "./subscription-shape.ts";

/** Declares a subscription. @param topic whose page this stands on; absent: it is chosen */
export function CreateSubscription({ topic = "", size }: { topic?: string; size?: string }) {
  const t = useTranslations("subscriptions");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const router = useRouter();
  const [form, setForm] = useState(() => emptyForm(topic));
  const declare = useMutation(trpc.subscriptions.declare.mutationOptions());

  async function confirm() {
    const spec = specFrom(form);
    await declare.mutateAsync(declarationOf(spec));
    void queries.invalidateQueries(trpc.subscriptions.pathFilter());
    showDone({ message: t("created", { name: spec.name }) });
    router.push(hrefOf(spec));
  }

  return (
    <ConfirmButton
      button={{
        label: t("create"),
        permission: "subscription.manage",
        action: "create-subscription",
        icon: <IconPlus size={16} aria-hidden />,
        size,
        variant: size === undefined ? "filled" : "default",
      }}
      onOpen={() => setForm(emptyForm(topic))}
      title={t("createTitle")}
      effect={t("createEffect")}
      reason="none"
      confirmLabel={t("create")}
      blocked={faultsOf(form).size > 0 ? t("incomplete") : null}
      onConfirm={confirm}
    >
      <SubscriptionFields form={form} onChange={setForm} />
    </ConfirmButton>
  );
}
