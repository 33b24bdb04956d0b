"use client";
import { Divider } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { CHECK_FIELDS } from "@/server/domain/check-policy.ts";
import { LIVE } from "../../../../_live/refresh-live-queries.ts";
import { useTRPC } from "../../../../_trpc/client.ts";
import { ConfirmButton } from "../../../../_ui/confirm-button.tsx";
import { showDone } from "../../../../_ui/toasts.ts";
import { type Change, ChangesList } from "../../../_registry/_ui/changes-list.tsx";
import { ConflictNote } from "../../../_registry/_ui/conflict.tsx";
import { useEditBase } from "../../../_registry/_ui/use-edit-base.ts";
import { type AppFields, draftOf, faultsOf, fieldsOf } from "../../_ui/app-draft.ts";
import { AppFormFields } from "../../_ui/app-fields.tsx";
import type { AppDetail } from "./app-detail.ts";

/**
 * Changes what an app declares. The form compares with what was there when it was opened; if somebody else was first,
 * nothing is written, and it compares with what is there then.
 */
export function EditApp({ app }: { app: AppDetail }) {
  const t = useTranslations("apps");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { base, meanwhile, begin, startOver } = useEditBase(app, () =>
    queryClient.fetchQuery(trpc.apps.read.queryOptions({ name: app.name }, { staleTime: 0, ...LIVE })),
  );
  const [draft, setDraft] = useState(() => draftOf(app));
  const write = useMutation(trpc.apps.change.mutationOptions());
  const faults = faultsOf(draft);
  const changes = useAppChanges(base, fieldsOf(draft));

  async function confirm(reason: string) {
    const result = await write.mutateAsync({ app: fieldsOf(draft), seen: base.updatedAt, reason });
    if (result.kind === "changed_meanwhile") return startOver(result);
    void queryClient.invalidateQueries(trpc.apps.pathFilter());
    showDone({ message: t("changed", { name: app.name }) });
  }

  return (
    <ConfirmButton
      button={{
        label: t("edit"),
        permission: "app.manage",
        action: "edit-app",
        icon: <IconPencil size={16} aria-hidden />,
      }}
      onOpen={() => {
        begin();
        setDraft(draftOf(app));
      }}
      title={t("editTitle", { name: app.name })}
      effect={t("editEffect")}
      reason="optional"
      confirmLabel={t("save")}
      blocked={faults.size > 0 ? t("incomplete") : changes.length === 0 ? t("nothingChanged") : null}
      onConfirm={confirm}
    >
      <AppFormFields draft={draft} onChange={setDraft} named />
      <Divider />
      <ConflictNote meanwhile={meanwhile} />
      <ChangesList changes={changes} />
    </ConfirmButton>
  );
}

function useAppChanges(before: AppFields, after: AppFields): Change[] {
  const t = useTranslations("apps");
  const rows: [string, string | number | null, string | number | null][] = [
    [t("contact"), before.contact, after.contact],
    [t("checkUrl"), before.checkUrl, after.checkUrl],
    [t("checkAfter"), before.checkAfterSeconds, after.checkAfterSeconds],
    ...CHECK_FIELDS.map((field): [string, number | null, number | null] => [
      t(`policy.${field}`),
      before.check[field],
      after.check[field],
    ]),
  ];
  return rows
    .filter(([, from, to]) => from !== to)
    .map(([field, from, to]) => ({
      field,
      from: from === null ? null : String(from),
      to: to === null ? null : String(to),
    }));
}
