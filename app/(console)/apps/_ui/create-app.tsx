"use client";
import { IconPlus } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTRPC } from "../../../_trpc/client.ts";
import { ConfirmButton } from "../../../_ui/confirm-button.tsx";
import { showDone } from "../../../_ui/toasts.ts";
import { EMPTY_APP, faultsOf, fieldsOf } from "./app-draft.ts";
import { AppFormFields } from "./app-fields.tsx";

/** Declares a new app and leads to it: the next step is its key. */
export function CreateApp() {
  const t = useTranslations("apps");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const router = useRouter();
  const [draft, setDraft] = useState(EMPTY_APP);
  const create = useMutation(trpc.apps.create.mutationOptions());

  async function confirm() {
    const { name } = await create.mutateAsync(fieldsOf(draft));
    void queryClient.invalidateQueries(trpc.apps.pathFilter());
    showDone({ message: t("createdApp", { name }) });
    router.push(`/apps/${encodeURIComponent(name)}`);
  }

  return (
    <ConfirmButton
      button={{
        label: t("create"),
        permission: "app.manage",
        action: "create-app",
        icon: <IconPlus size={16} aria-hidden />,
      }}
      onOpen={() => setDraft(EMPTY_APP)}
      title={t("createTitle")}
      effect={t("createEffect")}
      reason="none"
      confirmLabel={t("create")}
      blocked={faultsOf(draft).size > 0 ? t("incomplete") : null}
      onConfirm={confirm}
    >
      <AppFormFields draft={draft} onChange={setDraft} />
    </ConfirmButton>
  );
}
