"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useTRPC } from "../../../../_trpc/client.ts";
import { ConfirmDialog } from "../../../../_ui/confirm-dialog.tsx";
import { GatedButton } from "../../../../_ui/gated-button.tsx";
import { showDone } from "../../../../_ui/toasts.ts";
import { ConflictError, ConflictNote, type Meanwhile } from "../../../_registry/_ui/conflict.tsx";
import type { TopicDetail } from "./topic-detail.ts";
import { useTopicRefresh } from "./use-topic-refresh.ts";

/** Masks a topic's payloads and headers, or shows them to everybody again. */
export function MaskTopic({ topic }: { topic: TopicDetail }) {
  const t = useTranslations("topics");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const refresh = useTopicRefresh();
  const [opened, setOpened] = useState(false);
  const [base, setBase] = useState(topic);
  const [meanwhile, setMeanwhile] = useState<Meanwhile | null>(null);
  const write = useMutation(trpc.topics.mask.mutationOptions());
  const { name } = topic;
  const masking = !base.masked;

  function open() {
    setBase(topic);
    setMeanwhile(null);
    setOpened(true);
  }

  async function confirm(reason: string) {
    const result = await write.mutateAsync({ name, masked: masking, seen: base.updatedAt, reason });
    if (result.kind === "changed_meanwhile") {
      const { masked, ...now } = await queryClient.fetchQuery(
        trpc.topics.read.queryOptions({ name }, { staleTime: 0, meta: { live: true } }),
      );
      // The question stays the one that was asked.
      setBase({ ...now, masked: masked === masking ? masked : base.masked });
      setMeanwhile(result);
      throw new ConflictError();
    }
    await refresh();
    showDone({ message: t(masking ? "maskDone" : "unmaskDone", { name }) });
  }

  return (
    <>
      <GatedButton
        permission="topic.manage"
        data-action="mask-topic"
        size="compact-xs"
        variant="default"
        onClick={open}
      >
        {t(topic.masked ? "unmask" : "mask")}
      </GatedButton>
      <ConfirmDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={t(masking ? "maskTitle" : "unmaskTitle", { name })}
        effect={t(masking ? "maskEffect" : "unmaskEffect")}
        warning={masking ? undefined : t("unmaskWarning")}
        danger={!masking}
        reason="required"
        confirmLabel={t(masking ? "mask" : "unmask")}
        onConfirm={confirm}
      >
        {meanwhile && <ConflictNote meanwhile={meanwhile} />}
      </ConfirmDialog>
    </>
  );
}
