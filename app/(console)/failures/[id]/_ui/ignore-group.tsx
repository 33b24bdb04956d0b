"use client";
import { NumberInput } from "@mantine/core";
import { IconBell, IconBellOff } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useTRPC } from "../../../../_trpc/client.ts";
import { ConfirmDialog } from "../../../../_ui/confirm-dialog.tsx";
import { GatedButton } from "../../../../_ui/gated-button.tsx";
import { showDone } from "../../../../_ui/toasts.ts";
import type { FailureDetail } from "../../_ui/failure-shape.ts";
import { useFailureRefresh } from "./use-failure-refresh.ts";

const MOST_PER_MINUTE = 1_000_000;

/** Has a group not count as something to act on, at most until it fails more often; or ends that. */
export function IgnoreGroup({ group }: { group: FailureDetail }) {
  const t = useTranslations("failures.ignore");
  const trpc = useTRPC();
  const refresh = useFailureRefresh();
  const [opened, setOpened] = useState(false);
  // What the dialog asks stays while it is open, even if somebody else does it meanwhile.
  const [ending, setEnding] = useState(false);
  const [rate, setRate] = useState<number | string>("");
  const ignore = useMutation(trpc.failures.ignore.mutationOptions());
  const isIgnored = group.ignoredAt !== null;

  async function confirm(reason: string) {
    await ignore.mutateAsync({
      id: group.id,
      ignored: !ending,
      untilPerMinute: ending || rate === "" ? null : Number(rate),
      reason,
    });
    await refresh();
    showDone({ message: t(ending ? "ended" : "done") });
  }

  return (
    <>
      <GatedButton
        permission="failure.note"
        data-action="ignore-group"
        variant="default"
        leftSection={isIgnored ? <IconBell size={16} aria-hidden /> : <IconBellOff size={16} aria-hidden />}
        onClick={() => {
          setEnding(isIgnored);
          setRate("");
          setOpened(true);
        }}
      >
        {t(isIgnored ? "end" : "button")}
      </GatedButton>
      <ConfirmDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={t(ending ? "endTitle" : "title")}
        effect={t(ending ? "endEffect" : "effect")}
        reason="required"
        confirmLabel={t(ending ? "end" : "do")}
        onConfirm={confirm}
      >
        {!ending && (
          <NumberInput
            label={t("until")}
            description={t("untilHint")}
            data-autofocus
            allowDecimal={false}
            allowNegative={false}
            min={1}
            max={MOST_PER_MINUTE}
            clampBehavior="strict"
            value={rate}
            onChange={setRate}
          />
        )}
      </ConfirmDialog>
    </>
  );
}
