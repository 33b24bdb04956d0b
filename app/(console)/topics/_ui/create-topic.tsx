"use client";
import { Alert, Checkbox, NumberInput, Stack } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconInfoCircle, IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { PARTITIONS, TOPIC_NAME_RULES, brokenRules } from "@/server/domain/registry-rules.ts";
import { useTRPC } from "../../../_trpc/client.ts";
import { ConfirmButton } from "../../../_ui/confirm-button.tsx";
import { ErrorText } from "../../../_ui/error-text.tsx";
import { showDone } from "../../../_ui/toasts.ts";
import { NameField } from "../../_registry/_ui/name-field.tsx";

const EMPTY = { name: "", partitions: 6 as number | string, masked: false };

/** Declares a topic, here and in Kafka; says before what Kafka has of it. */
export function CreateTopic() {
  const t = useTranslations("topics");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const router = useRouter();
  const [opened, setOpened] = useState(false);
  const [draft, setDraft] = useState(EMPTY);
  const create = useMutation(trpc.topics.create.mutationOptions());
  const wanted = { name: draft.name, partitions: Number(draft.partitions) };
  const fits = brokenRules(TOPIC_NAME_RULES, wanted.name).length === 0 && isPartitionCount(draft.partitions);
  const plan = usePlan(wanted, opened && fits);
  const set = (part: Partial<typeof EMPTY>) => setDraft({ ...draft, ...part });

  async function confirm() {
    const { name } = await create.mutateAsync({ ...wanted, schema: null, masked: draft.masked });
    void queryClient.invalidateQueries(trpc.topics.pathFilter());
    showDone({ message: t("created", { name }) });
    router.push(`/topics/${encodeURIComponent(name)}`);
  }

  return (
    <ConfirmButton
      button={{
        label: t("create"),
        permission: "topic.manage",
        action: "create-topic",
        icon: <IconPlus size={16} aria-hidden />,
      }}
      onOpen={() => {
        setDraft(EMPTY);
        setOpened(true);
      }}
      onClose={() => setOpened(false)}
      title={t("createTitle")}
      effect={t("createEffect")}
      reason="none"
      confirmLabel={t("create")}
      blocked={!fits || plan.data?.action === "impossible" ? t("incomplete") : null}
      onConfirm={confirm}
    >
      <Stack gap="sm">
        <NameField
          label={t("name")}
          description={t("nameHint")}
          rules={TOPIC_NAME_RULES}
          textOf={(rule) => t(`nameRules.${rule}`)}
          value={draft.name}
          onChange={(name) => set({ name })}
        />
        <NumberInput
          label={t("partitions")}
          description={t("partitionsHint")}
          withAsterisk
          required
          allowDecimal={false}
          allowNegative={false}
          value={draft.partitions}
          onChange={(partitions) => set({ partitions })}
          error={isPartitionCount(draft.partitions) ? undefined : t("partitionsFault", PARTITIONS)}
        />
        <Checkbox
          label={t("mask")}
          description={t("maskHint")}
          checked={draft.masked}
          onChange={(event) => set({ masked: event.currentTarget.checked })}
        />
        {plan.error !== null && (
          <Alert color="orange" icon={<IconInfoCircle aria-hidden />} title={t("planUnknown")}>
            <ErrorText error={plan.error} />
          </Alert>
        )}
        {plan.data && (
          <Alert
            color={plan.data.action === "impossible" ? "red" : "lake"}
            icon={<IconInfoCircle aria-hidden />}
            title={t(`plan.${plan.data.action}`, {
              present: plan.data.present ?? 0,
              wanted: wanted.partitions,
            })}
          />
        )}
      </Stack>
    </ConfirmButton>
  );
}

export function isPartitionCount(value: number | string): boolean {
  const count = value === "" ? Number.NaN : Number(value);
  return Number.isInteger(count) && count >= PARTITIONS.min && count <= PARTITIONS.max;
}

const TYPING_MS = 400;

/** What Kafka has of the topic, asked once the typing rests. */
function usePlan(wanted: { name: string; partitions: number }, enabled: boolean) {
  const trpc = useTRPC();
  const [{ name, partitions }] = useDebouncedValue(wanted, TYPING_MS);
  const settled = name === wanted.name && partitions === wanted.partitions;
  const { data, error } = useQuery(
    trpc.topics.plan.queryOptions({ name, partitions }, { enabled: enabled && settled, retry: false }),
  );
  return enabled && settled ? { data, error } : { data: undefined, error: null };
}
