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
import { ConflictAlert, ConflictError } from "../../../../_registry/_ui/conflict.tsx";
import type { Message } from "../../_ui/message-type.ts";
import { toBase64 } from "./edit-text.ts";

/** Under its own id, to those who gave it up or to everybody; or as a message of its own. */
export type SentAs = "redrive" | "resend" | "new_id";

const NOTE_LENGTH = 500;

type Outputs = inferRouterOutputs<AppRouter>["messages"];
type Edited = Outputs["edit"];
type Conflict = Extract<Edited, { kind: "changed_meanwhile" }>;

interface SendProps {
  opened: boolean;
  onClose: () => void;
  message: Message;
  base: Outputs["version"];
  /** The newest version that the author was told of. */
  seen: number;
  onSeen: (version: number) => void;
  payload: string;
  sentAs: SentAs;
  /** Deliveries of it that were given up. */
  dead: number;
  /** Why it cannot be sent just now. */
  blocked: string | null;
}

/** Sends what was edited: says who gets it, and who may act on it twice. */
export function SendDialog(props: SendProps) {
  const { opened, onClose, message, base, seen, onSeen, payload, sentAs, dead, blocked } = props;
  const t = useTranslations("editMessage");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const router = useRouter();
  const [note, setNote] = useState("");
  const [meanwhile, setMeanwhile] = useState<Conflict | null>(null);
  const edit = useMutation(trpc.messages.edit.mutationOptions());
  const { id, topic } = message;

  async function confirm(reason: string) {
    const result = await edit.mutateAsync({
      id,
      basedOn: seen,
      payload: toBase64(payload),
      contentType: base.contentType,
      headers: base.headers,
      note: note.trim() || null,
      as: sentAs === "new_id" ? "new_id" : "same_id",
      send: sentAs === "new_id" ? "nothing" : sentAs,
      reason,
    });
    if (result.kind === "changed_meanwhile") {
      setMeanwhile(result);
      onSeen(result.version);
    }
    const refreshed = queries.invalidateQueries(trpc.messages.pathFilter());
    if (result.kind === "changed_meanwhile" || result.kind === "wrong_state") {
      await refreshed; // then `blocked` says the new state
      throw new ConflictError();
    }
    // Not awaited: the dialog closes before the page tells it that no dead letter is left.
    showDone({
      message: t(`done.${doneOf(result)}`, result.kind === "stored" ? { version: result.version } : {}),
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
      blocked={blocked}
      onConfirm={confirm}
    >
      <Stack gap="sm">
        {meanwhile && (
          <ConflictAlert title={t("meanwhile.title", { version: meanwhile.version, by: meanwhile.by ?? "" })}>
            {t("meanwhile.text")}
          </ConflictAlert>
        )}
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

/** What came of it; only what left, or will, is called on its way. */
function doneOf(result: Exclude<Edited, Conflict | { kind: "wrong_state" }>) {
  if (result.kind === "created") return "created";
  if (result.resent?.kind === "already_queued") return "queuedBefore";
  return result.resent?.kind === "queued" || result.redriven?.done.length ? "sent" : "stored";
}
