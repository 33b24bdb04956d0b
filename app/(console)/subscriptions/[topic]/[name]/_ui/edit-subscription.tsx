"use client";
import { Divider } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { SubscriptionSpec } from "@/server/domain/subscription.ts";
import { LIVE } from "../../../../../_live/refresh-live-queries.ts";
import { useTRPC } from "../../../../../_trpc/client.ts";
import { ConfirmButton } from "../../../../../_ui/confirm-button.tsx";
import { showDone } from "../../../../../_ui/toasts.ts";
import { type Change, ChangesList } from "../../../../_registry/_ui/changes-list.tsx";
import { ConflictNote } from "../../../../_registry/_ui/conflict.tsx";
import { useEditBase } from "../../../../_registry/_ui/use-edit-base.ts";
import { type FormField, faultsOf, formOf, specFrom } from "../../../_ui/subscription-draft.ts";
import { SubscriptionFields } from "../../../_ui/subscription-fields.tsx";
import { type SubscriptionDetail, declarationOf, specOf } from "../../../_ui/subscription-shape.ts";
import { useSubscriptionRefresh } from "./use-subscription-refresh.ts";

/** Changes what a subscription declares; if somebody else was first, nothing is written, and the form compares with that. */
export function EditSubscription({ subscription }: { subscription: SubscriptionDetail }) {
  const t = useTranslations("subscriptions");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const refresh = useSubscriptionRefresh();
  const { topic, name } = subscription;
  const { base, meanwhile, begin, startOver } = useEditBase(subscription, () =>
    queries.fetchQuery(trpc.subscriptions.read.queryOptions({ topic, name }, { staleTime: 0, ...LIVE })),
  );
  const [form, setForm] = useState(() => formOf(subscription));
  const change = useMutation(trpc.subscriptions.change.mutationOptions());
  const changes = useChanges(specOf(base), specFrom(form));
  const incomplete = faultsOf(form).size > 0 ? t("incomplete") : null;

  async function confirm(reason: string) {
    const result = await change.mutateAsync({
      subscription: declarationOf(specFrom(form)),
      seen: base.updatedAt,
      reason,
    });
    if (result.kind === "changed_meanwhile") return startOver(result);
    await refresh();
    showDone({ message: t("changed", { name }) });
  }

  return (
    <ConfirmButton
      button={{
        label: t("edit"),
        permission: "subscription.manage",
        action: "edit-subscription",
        icon: <IconPencil size={16} aria-hidden />,
      }}
      onOpen={() => {
        begin();
        setForm(formOf(subscription));
      }}
      title={t("editTitle", { name })}
      effect={t("editEffect")}
      reason="optional"
      confirmLabel={t("save")}
      blocked={incomplete ?? (changes.length === 0 ? t("nothingChanged") : null)}
      onConfirm={confirm}
    >
      <SubscriptionFields form={form} onChange={setForm} declared />
      <Divider />
      <ConflictNote meanwhile={meanwhile} />
      <ChangesList changes={changes} />
    </ConfirmButton>
  );
}

const COMPARED = [
  "app",
  "group",
  "ackTimeoutSeconds",
  "maxAttempts",
  "ladder",
  "firstDelaySeconds",
  "factor",
  "maxDelaySeconds",
  "jitter",
  "ratePerSecond",
  "maxInFlight",
  "deadLetterTopic",
  "ordered",
  "webhookUrl",
  "timeoutSeconds",
  "concurrency",
] as const;

/** Where a name of the form differs from the name that it is shown by. */
const FORM_FIELDS: Partial<Record<(typeof COMPARED)[number], FormField>> = {
  group: "groupId",
  webhookUrl: "url",
};

function useChanges(before: SubscriptionSpec, after: SubscriptionSpec): Change[] {
  const t = useTranslations("subscriptions");
  const [from, to] = [formOf(before), formOf(after)];
  const said = (value: string | number | boolean) => {
    if (typeof value === "boolean") return t(value ? "yes" : "no");
    return value === "" ? null : String(value);
  };
  return COMPARED.flatMap((name) => {
    const field = FORM_FIELDS[name] ?? (name as FormField);
    if (from[field] === to[field]) return [];
    return [{ field: t(name), from: said(from[field]), to: said(to[field]) }];
  });
}
