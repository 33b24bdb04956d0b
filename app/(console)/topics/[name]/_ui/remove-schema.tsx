"use client";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "../../../../_trpc/client.ts";
import { ConfirmButton } from "../../../../_ui/confirm-button.tsx";
import { showDone } from "../../../../_ui/toasts.ts";
import { ConflictNote } from "../../../_registry/_ui/conflict.tsx";
import type { TopicDetail } from "./topic-detail.ts";
import { useTopicBase } from "./use-topic-base.ts";
import { useTopicRefresh } from "./use-topic-refresh.ts";

/** Takes a topic's schema away. */
export function RemoveSchema({ topic }: { topic: TopicDetail }) {
  const t = useTranslations("topics");
  const trpc = useTRPC();
  const refresh = useTopicRefresh();
  const { base, meanwhile, begin, startOver } = useTopicBase(topic);
  const write = useMutation(trpc.topics.changeSchema.mutationOptions());
  const { name } = topic;

  async function confirm(reason: string) {
    const result = await write.mutateAsync({ name, schema: null, seen: base.updatedAt, reason });
    if (result.kind === "changed_meanwhile") return startOver(result);
    await refresh();
    showDone({ message: t("schemaRemoved", { name }) });
  }

  return (
    <ConfirmButton
      button={{
        label: t("schemaRemove"),
        permission: "topic.manage",
        action: "remove-schema",
        size: "xs",
        variant: "default",
      }}
      onOpen={begin}
      title={t("schemaRemoveTitle", { name })}
      effect={t("schemaRemoveEffect")}
      reason="required"
      danger
      confirmLabel={t("schemaRemove")}
      onConfirm={confirm}
    >
      {meanwhile && <ConflictNote meanwhile={meanwhile} />}
    </ConfirmButton>
  );
}
