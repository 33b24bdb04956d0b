"use client";
import { IconPlus } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTRPC } from "../../../_trpc/client.ts";
import { ConfirmDialog } from "../../../_ui/confirm-dialog.tsx";
import { GatedButton } from "../../../_ui/gated-button.tsx";
import { showDone } from "../../../_ui/toasts.ts";
import { EMPTY_SOURCE, faultsOf, specFrom } from "./source-draft.ts";
import { SourceDdl } from "./source-ddl.tsx";
import { SourceFormFields } from "./source-fields.tsx";
import { TestSource } from "./test-source.tsx";

/** Declares a source, with the table it needs and a try before. */
export function CreateSource() {
  const t = useTranslations("outbox");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const router = useRouter();
  const [opened, setOpened] = useState(false);
  const [draft, setDraft] = useState(EMPTY_SOURCE);
  const declare = useMutation(trpc.sources.declare.mutationOptions());
  const incomplete = faultsOf(draft).size > 0 ? t("incomplete") : null;

  function open() {
    setDraft(EMPTY_SOURCE);
    setOpened(true);
  }

  async function confirm() {
    const { name } = await declare.mutateAsync(specFrom(draft));
    void queries.invalidateQueries(trpc.sources.pathFilter());
    showDone({ message: t("created", { name }) });
    router.push(`/outbox/${encodeURIComponent(name)}`);
  }

  return (
    <>
      <GatedButton
        permission="source.manage"
        data-action="create-source"
        leftSection={<IconPlus size={16} aria-hidden />}
        onClick={open}
      >
        {t("create")}
      </GatedButton>
      <ConfirmDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={t("createTitle")}
        effect={t("createEffect")}
        reason="none"
        confirmLabel={t("create")}
        blocked={incomplete}
        onConfirm={confirm}
      >
        <SourceFormFields draft={draft} onChange={setDraft} />
        <SourceDdl kind={draft.kind} layout={draft.layout} />
        <TestSource spec={specFrom(draft)} blocked={incomplete} />
      </ConfirmDialog>
    </>
  );
}
