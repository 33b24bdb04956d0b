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

/** Takes a topic's schema away. */
export function RemoveSchema({ topic }: { topic: TopicDetail }) {
  const t = useTranslations("topics");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const refresh = useTopicRefresh();
  const [opened, setOpened] = useState(false);
  const [seen, setSeen] = useState(topic.updatedAt);
  const [meanwhile, setMeanwhile] = useState<Meanwhile | null>(null);
  const write = useMutation(trpc.topics.changeSchema.mutationOptions());
  const { name } = topic;

  function open() {
    setSeen(topic.updatedAt);
    setMeanwhile(null);
    setOpened(true);
  }

  async function confirm(reason: string) {
    const result = await write.mutateAsync({ name, schema: null, seen, reason });
    if (result.kind === "changed_meanwhile") {
      const now = await queryClient.fetchQuery(
        trpc.topics.read.queryOptions({ name }, { staleTime: 0, meta: { live: true } }),
      );
      setSeen(now.updatedAt);
      setMeanwhile(result);
      throw new ConflictError();
    }
    await refresh();
    showDone({ message: t("schemaRemoved", { name }) });
  }

  return (
    <>
      <GatedButton permission="topic.manage" size="xs" variant="default" onClick={open}>
        {t("schemaRemove")}
      </GatedButton>
      <ConfirmDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={t("schemaRemoveTitle", { name })}
        effect={t("schemaRemoveEffect")}
        reason="required"
        danger
        confirmLabel={t("schemaRemove")}
        onConfirm={confirm}
      >
        {meanwhile && <ConflictNote meanwhile={meanwhile} />}
      </ConfirmDialog>
    </>
  );
}
