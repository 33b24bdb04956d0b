"use client";
import { Divider } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { OutboxSourceSpec } from "@/server/domain/outbox-source.ts";
import { LIVE } from "../../../../_live/refresh-live-queries.ts";
import { useTRPC } from "../../../../_trpc/client.ts";
import { ConfirmButton } from "../../../../_ui/confirm-button.tsx";
import { showDone } from "../../../../_ui/toasts.ts";
import { type Change, ChangesList } from "../../../_registry/_ui/changes-list.tsx";
import { ConflictNote } from "../../../_registry/_ui/conflict.tsx";
import { useEditBase } from "../../../_registry/_ui/use-edit-base.ts";
import { draftOf, faultsOf, specFrom } from "../../_ui/source-draft.ts";
import { SourceFormFields } from "../../_ui/source-fields.tsx";
import { type SourceDetail, specOf } from "../../_ui/source-shape.ts";
import { TestSource } from "../../_ui/test-source.tsx";
import { useSourceRefresh } from "./use-source-refresh.ts";

/** Changes what a source declares; if somebody else was first, nothing is written, and the form compares with that. */
export function EditSource({ source }: { source: SourceDetail }) {
  const t = useTranslations("outbox");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const refresh = useSourceRefresh();
  const { base, meanwhile, begin, startOver } = useEditBase(source, () =>
    queries.fetchQuery(trpc.sources.read.queryOptions({ name: source.name }, { staleTime: 0, ...LIVE })),
  );
  const [draft, setDraft] = useState(() => draftOf(specOf(source)));
  const change = useMutation(trpc.sources.change.mutationOptions());
  const spec = specFrom(draft);
  const changes = useSourceChanges(specOf(base), spec);
  const incomplete = faultsOf(draft).size > 0 ? t("incomplete") : null;

  async function confirm(reason: string) {
    const result = await change.mutateAsync({ source: spec, seen: base.updatedAt, reason });
    if (result.kind === "changed_meanwhile") return startOver(result);
    await refresh();
    showDone({ message: t("changed", { name: source.name }) });
  }

  return (
    <ConfirmButton
      button={{
        label: t("edit"),
        permission: "source.manage",
        action: "edit-source",
        icon: <IconPencil size={16} aria-hidden />,
      }}
      onOpen={() => {
        begin();
        setDraft(draftOf(specOf(source)));
      }}
      title={t("editTitle", { name: source.name })}
      effect={t("editEffect")}
      reason="optional"
      confirmLabel={t("save")}
      blocked={incomplete ?? (changes.length === 0 ? t("nothingChanged") : null)}
      onConfirm={confirm}
    >
      <SourceFormFields draft={draft} onChange={setDraft} named />
      <TestSource spec={spec} blocked={incomplete} />
      <Divider />
      <ConflictNote meanwhile={meanwhile} />
      <ChangesList changes={changes} />
    </ConfirmButton>
  );
}

const FIELDS = ["app", "kind", "layout", "connection", "table", "topicPattern", "orderColumn"] as const;

function useSourceChanges(before: OutboxSourceSpec, after: OutboxSourceSpec): Change[] {
  const t = useTranslations("outbox");
  return FIELDS.filter((field) => before[field] !== after[field]).map((field) => ({
    field: t(field),
    from: before[field],
    to: after[field],
  }));
}
