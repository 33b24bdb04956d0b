"use client";
import { IconPlus } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTRPC } from "../../../_trpc/client.ts";
import { ConfirmButton } from "../../../_ui/confirm-button.tsx";
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
  const [draft, setDraft] = useState(EMPTY_SOURCE);
  const declare = useMutation(trpc.sources.declare.mutationOptions());
  const incomplete = faultsOf(draft).size > 0 ? t("incomplete") : null;

  async function confirm() {
    const { name } = await declare.mutateAsync(specFrom(draft));
    void queries.invalidateQueries(trpc.sources.pathFilter());
    showDone({ message: t("created", { name }) });
    router.push(`/outbox/${encodeURIComponent(name)}`);
  }

  return (
    <ConfirmButton
      button={{
        label: t("create"),
        permission: "source.manage",
        action: "create-source",
        icon: <IconPlus size={16} aria-hidden />,
      }}
      onOpen={() => setDraft(EMPTY_SOURCE)}
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
    </ConfirmButton>
  );
}
