"use client";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useTRPC } from "../../../../_trpc/client.ts";
import { ConfirmDialog } from "../../../../_ui/confirm-dialog.tsx";
import { GatedButton } from "../../../../_ui/gated-button.tsx";
import { showDone } from "../../../../_ui/toasts.ts";
import type { TopicDetail } from "./topic-detail.ts";
import { useTopicRefresh } from "./use-topic-refresh.ts";

/** Makes in Kafka what is declared here. */
export function MendTopic({ topic }: { topic: TopicDetail }) {
  const t = useTranslations("topics");
  const trpc = useTRPC();
  const refresh = useTopicRefresh();
  const [opened, setOpened] = useState(false);
  const mend = useMutation(trpc.topics.mend.mutationOptions());
  const { name, partitions } = topic;

  async function confirm(reason: string) {
    const { action } = await mend.mutateAsync({ name, reason });
    await refresh();
    showDone({ message: action === "unchanged" ? t("mendUnchanged", { name }) : t("mended", { name }) });
  }

  return (
    <>
      <GatedButton permission="topic.manage" size="xs" onClick={() => setOpened(true)}>
        {t("mend")}
      </GatedButton>
      <ConfirmDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={t("mendTitle", { name })}
        effect={t("mendEffect", { name, partitions })}
        count={topic.waiting.READY?.count}
        reason="required"
        confirmLabel={t("mend")}
        onConfirm={confirm}
      />
    </>
  );
}
