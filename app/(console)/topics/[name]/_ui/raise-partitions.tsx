"use client";
import { NumberInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { PARTITIONS } from "@/server/domain/registry-rules.ts";
import { useTRPC } from "../../../../_trpc/client.ts";
import { ConfirmDialog } from "../../../../_ui/confirm-dialog.tsx";
import { GatedButton } from "../../../../_ui/gated-button.tsx";
import { showDone } from "../../../../_ui/toasts.ts";
import { ConflictError, ConflictNote, type Meanwhile } from "../../../_registry/_ui/conflict.tsx";
import { isPartitionCount } from "../../_ui/create-topic.tsx";
import type { TopicDetail } from "./topic-detail.ts";
import { useTopicRefresh } from "./use-topic-refresh.ts";

interface Raise {
  topic: TopicDetail;
  /** Proposed number; default: twice as many. */
  proposed?: number;
}

/** Gives a topic more partitions, and says what that does to the order per key. */
export function RaisePartitions({ topic, proposed }: Raise) {
  const t = useTranslations("topics");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const refresh = useTopicRefresh();
  const [opened, setOpened] = useState(false);
  const [from, setFrom] = useState(topic.partitions);
  const [to, setTo] = useState<number | string>("");
  const [meanwhile, setMeanwhile] = useState<Meanwhile | null>(null);
  const raise = useMutation(trpc.topics.raisePartitions.mutationOptions());
  const { name } = topic;
  const isMore = isPartitionCount(to) && Number(to) > from;

  function open() {
    setFrom(topic.partitions);
    setTo(Math.min(proposed ?? topic.partitions * 2, PARTITIONS.max));
    setMeanwhile(null);
    setOpened(true);
  }

  async function confirm(reason: string) {
    const result = await raise.mutateAsync({ name, from, to: Number(to), reason });
    if (result.kind === "changed_meanwhile") {
      const now = await queryClient.fetchQuery(
        trpc.topics.read.queryOptions({ name }, { staleTime: 0, meta: { live: true } }),
      );
      setFrom(now.partitions);
      setMeanwhile(result);
      throw new ConflictError();
    }
    await refresh();
    showDone({ message: t("raised", { name, count: Number(to) }) });
  }

  return (
    <>
      <GatedButton
        permission="topic.manage"
        data-action="raise-partitions"
        size="compact-xs"
        variant="default"
        blocked={topic.partitions >= PARTITIONS.max ? t("raiseMost", { max: PARTITIONS.max }) : null}
        onClick={open}
      >
        {proposed === undefined ? t("raise") : t("takeOver", { count: proposed })}
      </GatedButton>
      <ConfirmDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={t("raiseTitle", { name })}
        effect={t("raiseEffect", { from })}
        warning={t("raiseWarning")}
        reason="required"
        confirmLabel={t("raise")}
        blocked={isMore ? null : t("raiseMore", { from })}
        onConfirm={confirm}
      >
        <ConflictNote meanwhile={meanwhile} />
        <NumberInput
          label={t("partitions")}
          data-autofocus
          allowDecimal={false}
          allowNegative={false}
          min={from + 1}
          max={PARTITIONS.max}
          value={to}
          onChange={setTo}
        />
      </ConfirmDialog>
    </>
  );
}
