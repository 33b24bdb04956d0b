"use client";
import { NumberInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { PARTITIONS } from "@/server/domain/registry-rules.ts";
import { useTRPC } from "../../../../_trpc/client.ts";
import { ConfirmButton } from "../../../../_ui/confirm-button.tsx";
import { showDone } from "../../../../_ui/toasts.ts";
import { ConflictNote } from "../../../_registry/_ui/conflict.tsx";
import { isPartitionCount } from "../../_ui/create-topic.tsx";
import type { TopicDetail } from "./topic-detail.ts";
import { useTopicBase } from "./use-topic-base.ts";
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
  const refresh = useTopicRefresh();
  const { base, meanwhile, begin, startOver } = useTopicBase(topic);
  const [to, setTo] = useState<number | string>("");
  const raise = useMutation(trpc.topics.raisePartitions.mutationOptions());
  const { name } = topic;
  const from = base.partitions;
  const isMore = isPartitionCount(to) && Number(to) > from;

  async function confirm(reason: string) {
    const result = await raise.mutateAsync({ name, from, to: Number(to), reason });
    if (result.kind === "changed_meanwhile") return startOver(result);
    await refresh();
    showDone({ message: t("raised", { name, count: Number(to) }) });
  }

  return (
    <ConfirmButton
      button={{
        label: proposed === undefined ? t("raise") : t("takeOver", { count: proposed }),
        permission: "topic.manage",
        action: "raise-partitions",
        size: "compact-xs",
        variant: "default",
        blocked: topic.partitions >= PARTITIONS.max ? t("raiseMost", { max: PARTITIONS.max }) : null,
      }}
      onOpen={() => {
        begin();
        setTo(Math.min(proposed ?? topic.partitions * 2, PARTITIONS.max));
      }}
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
    </ConfirmButton>
  );
}
