"use client";
import { IconTrash } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTRPC } from "../../../../_trpc/client.ts";
import { ConfirmDialog } from "../../../../_ui/confirm-dialog.tsx";
import { GatedButton } from "../../../../_ui/gated-button.tsx";
import { showDone } from "../../../../_ui/toasts.ts";
import type { SourceDetail } from "../../_ui/source-shape.ts";
import { WaitingRows } from "../../_ui/waiting-rows.tsx";

/** Forgets a source; says how many rows stay behind in its database. */
export function RemoveSource({
  source,
  onLeaving,
}: {
  source: SourceDetail;
  /** Told before it is removed, and when that did not work. */
  onLeaving: (leaving: boolean) => void;
}) {
  const t = useTranslations("outbox");
  const trpc = useTRPC();
  const router = useRouter();
  const [opened, setOpened] = useState(false);
  const remove = useMutation(trpc.sources.remove.mutationOptions());
  const { name } = source;

  async function confirm(reason: string) {
    onLeaving(true);
    try {
      await remove.mutateAsync({ name, reason });
    } catch (error) {
      onLeaving(false);
      throw error;
    }
    showDone({ message: t("removed", { name }) });
    router.push("/outbox");
  }

  return (
    <>
      <GatedButton
        permission="source.manage"
        data-action="remove-source"
        variant="default"
        leftSection={<IconTrash size={16} aria-hidden />}
        onClick={() => setOpened(true)}
      >
        {t("remove")}
      </GatedButton>
      <ConfirmDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={t("removeTitle", { name })}
        effect={t("removeEffect")}
        warning={t.rich("removeWarning", { count: () => <WaitingRows waiting={source.waiting} /> })}
        reason="required"
        danger
        confirmLabel={t("removeDo")}
        onConfirm={confirm}
      />
    </>
  );
}
