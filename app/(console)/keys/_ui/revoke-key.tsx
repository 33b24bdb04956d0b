"use client";
import { Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useTRPC } from "../../../_trpc/client.ts";
import { ConfirmDialog } from "../../../_ui/confirm-dialog.tsx";
import { GatedButton } from "../../../_ui/gated-button.tsx";
import { Moment } from "../../../_ui/moment.tsx";
import { showDone } from "../../../_ui/toasts.ts";
import { agePart, codePart, momentPart, strongPart } from "../../../_ui/rich-parts.tsx";
import type { KeyRow } from "./key-columns.tsx";
import { useKeyLimits } from "./key-limits.tsx";

/** Ends a key for good; says when it was last used and what is left to its app. */
export function RevokeKey({ apiKey }: { apiKey: KeyRow }) {
  const t = useTranslations("keys");
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [opened, setOpened] = useState(false);
  const { cacheSeconds } = useKeyLimits();
  const all = useQuery(trpc.keys.list.queryOptions(undefined, { enabled: opened }));
  const revoke = useMutation(trpc.keys.revoke.mutationOptions());
  const { id, app, lastUsedAt, revokedAt } = apiKey;
  if (revokedAt !== null)
    return (
      <Text span size="xs" c="dimmed">
        <Moment value={revokedAt} />
      </Text>
    );
  const isLast =
    all.data !== undefined &&
    !all.data.some((other) => other.app === app && other.id !== id && other.revokedAt === null);

  const effect = t.rich("revokeEffect", {
    id: codePart(id),
    app: strongPart(app),
    seconds: cacheSeconds,
  });
  const used =
    lastUsedAt === null
      ? t("revokeUnused")
      : t.rich("revokeUsed", { age: agePart(lastUsedAt), at: momentPart(lastUsedAt) });

  async function confirm(reason: string) {
    const { changed } = await revoke.mutateAsync({ id, reason });
    await Promise.all([
      queryClient.invalidateQueries(trpc.keys.pathFilter()),
      queryClient.invalidateQueries(trpc.apps.pathFilter()),
    ]);
    showDone({ message: changed ? t("revoked", { id, app }) : t("revokedBefore", { id }) });
  }

  return (
    <>
      <GatedButton
        permission="key.manage"
        data-action="revoke-key"
        size="compact-xs"
        variant="default"
        onClick={() => setOpened(true)}
        aria-label={t("revokeKey", { id })}
      >
        {t("revoke")}
      </GatedButton>
      <ConfirmDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={t("revokeTitle", { app })}
        effect={
          <Stack gap={6}>
            <span>{effect}</span>
            <span>{used}</span>
          </Stack>
        }
        warning={isLast ? t("revokeLast", { app }) : t("revokeForGood")}
        reason="required"
        danger
        confirmLabel={t("revoke")}
        onConfirm={confirm}
      />
    </>
  );
}
