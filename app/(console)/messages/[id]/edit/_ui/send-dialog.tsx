"use client";
import { Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { inferRouterOutputs } from "@trpc/server";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { useState } from "react";
import type { AppRouter } from "@/server/trpc/router.ts";
import { useTRPC } from "../../../../../_trpc/client.ts";
import { ConfirmDialog } from "../../../../../_ui/confirm-dialog.tsx";
import { showDone } from "../../../../../_ui/toasts.ts";
import { ConflictError, ConflictNote, type Meanwhile } from "../../../../_registry/_ui/conflict.tsx";
import type { Message } from "../../_ui/message-type.ts";
import { toBase64 } from "./edit-text.ts";

/** Under its own id, to those who gave it up or to everybody; or as a message of its own. */
export type SentAs = "redrive" | "resend" | "new_id";

const NOTE_LENGTH = 500;

interface SendProps {
  opened: boolean;
  onClose: () => void;
  message: Message;
  base: inferRouterOutputs<AppRouter>["messages"]["version"];
  newest: number;
  text: string;
  sentAs: SentAs;
  /** Deliveries of it that were given up. */
  dead: number;
}

/** Sends what was edited: says who gets it, and who may act on it twice. */
export function SendDialog(props: SendProps) {
  const { opened, onClose, message, base, newest, text, sentAs, dead } = props;
  const t = useTranslations("editMessage");
  const states = useTranslations("states");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const router = useRouter();
  const [note, setNote] = useState("");
  const [meanwhile, setMeanwhile] = useState<Meanwhile | null>(null);
  const edit = useMutation(trpc.messages.edit.mutationOptions());
  const { id, topic } = message;

  async function confirm(reason: string) {
    const result = await edit.mutateAsync({
      id,
      basedOn: newest,
      payload: toBase64(text),
      contentType: base.contentType,
      headers: base.headers,
      note: note.trim() || null,
      as: sentAs === "new_id" ? "new_id" : "same_id",
      send: sentAs === "new_id" ? "nothing" : sentAs,
      reason,
    });
    if (result.kind === "changed_meanwhile") {
      setMeanwhile({ by: result.by, at: null });
      await queries.invalidateQueries(trpc.messages.versions.pathFilter());
      throw new ConflictError();
    }
    if (result.kind === "wrong_state") throw new Error(t("wrongState", { state: states(result.state) }));
    await queries.invalidateQueries(trpc.messages.pathFilter());
    showDone({
      message: result.kind === "created" ? t("done.created") : t("done.stored", { version: result.version }),
    });
    router.push(`/messages/${result.kind === "created" ? result.id : id}`);
  }

  return (
    <ConfirmDialog
      opened={opened}
      onClose={onClose}
      title={t("sendTitle")}
      effect={
        sentAs === "redrive" ? t("effect.redrive", { topic, count: dead }) : t(`effect.${sentAs}`, { topic })
      }
      warning={
        <Stack gap={4}>
          <span>{t(sentAs === "new_id" ? "warning.newId" : "warning.sameId")}</span>
          {sentAs === "resend" && <span>{t("warning.everybody")}</span>}
        </Stack>
      }
      reason="required"
      confirmLabel={t("sendDo")}
      onConfirm={confirm}
    >
      <Stack gap="sm">
        <ConflictNote meanwhile={meanwhile} />
        <TextInput
          label={t("note")}
          description={t("noteHint")}
          maxLength={NOTE_LENGTH}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
      </Stack>
    </ConfirmDialog>
  );
}
