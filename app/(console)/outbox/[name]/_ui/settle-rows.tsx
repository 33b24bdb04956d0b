"use client";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useTRPC } from "../../../../_trpc/client.ts";
import { ConfirmDialog } from "../../../../_ui/confirm-dialog.tsx";
import { GatedButton } from "../../../../_ui/gated-button.tsx";
import { showDone } from "../../../../_ui/toasts.ts";
import { useSourceRefresh } from "./use-source-refresh.ts";

interface Settling {
  /** The source. */
  name: string;
  wish: "retry" | "discard";
  /** Null: all of the source. */
  refs: string[] | null;
  count: number;
  label: string;
}

/** Has refused rows tried again, or deleted unsent. */
export function SettleRows({ name, wish, refs, count, label }: Settling) {
  const t = useTranslations("outbox.rows");
  const trpc = useTRPC();
  const refresh = useSourceRefresh();
  const [opened, setOpened] = useState(false);
  const retry = useMutation(trpc.sources.retryRows.mutationOptions());
  const discard = useMutation(trpc.sources.discardRows.mutationOptions());

  async function confirm(reason: string) {
    const run = wish === "retry" ? retry : discard;
    const { asked } = await run.mutateAsync({ name, refs, reason });
    await refresh();
    showDone({ message: t("asked", { count: asked }) });
  }

  return (
    <>
      <GatedButton
        permission={wish === "retry" ? "source.pause" : "source.manage"}
        data-action={`${wish}-rows`}
        size="compact-xs"
        variant="default"
        onClick={() => setOpened(true)}
      >
        {label}
      </GatedButton>
      <ConfirmDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={t(`${wish}Title`, { count })}
        effect={t(`${wish}Effect`, { count })}
        count={count}
        warning={wish === "discard" ? t("discardWarning") : undefined}
        reason="required"
        danger={wish === "discard"}
        confirmLabel={t(`${wish}Do`)}
        onConfirm={confirm}
      />
    </>
  );
}
