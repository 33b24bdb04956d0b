"use client";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useTRPC } from "../../../../_trpc/client.ts";
import { ConfirmButton } from "../../../../_ui/confirm-button.tsx";
import { showDone } from "../../../../_ui/toasts.ts";
import { ConflictNote } from "../../../_registry/_ui/conflict.tsx";
import type { TopicDetail } from "./topic-detail.ts";
import { useTopicBase } from "./use-topic-base.ts";
import { useTopicRefresh } from "./use-topic-refresh.ts";

/** Masks a topic's payloads and headers, or shows them to everybody again. */
export function MaskTopic({ topic }: { topic: TopicDetail }) {
  const t = useTranslations("topics");
  const trpc = useTRPC();
  const refresh = useTopicRefresh();
  const { base, meanwhile, begin, startOver } = useTopicBase(topic);
  // The question stays the one that was asked, even if somebody else has answered it meanwhile.
  const [masking, setMasking] = useState(!topic.masked);
  const write = useMutation(trpc.topics.mask.mutationOptions());
  const { name } = topic;

  async function confirm(reason: string) {
    const result = await write.mutateAsync({ name, masked: masking, seen: base.updatedAt, reason });
    if (result.kind === "changed_meanwhile") return startOver(result);
    await refresh();
    showDone({ message: t(masking ? "maskDone" : "unmaskDone", { name }) });
  }

  return (
    <ConfirmButton
      button={{
        label: t(topic.masked ? "unmask" : "mask"),
        permission: "topic.manage",
        action: "mask-topic",
        size: "compact-xs",
        variant: "default",
      }}
      onOpen={() => {
        begin();
        setMasking(!topic.masked);
      }}
      title={t(masking ? "maskTitle" : "unmaskTitle", { name })}
      effect={t(masking ? "maskEffect" : "unmaskEffect")}
      warning={masking ? undefined : t("unmaskWarning")}
      danger={!masking}
      reason="required"
      confirmLabel={t(masking ? "mask" : "unmask")}
      onConfirm={confirm}
    >
      {meanwhile && <ConflictNote meanwhile={meanwhile} />}
    </ConfirmButton>
  );
}
