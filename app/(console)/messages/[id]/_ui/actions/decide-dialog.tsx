"use client";
import { Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNow, useTranslations } from "next-intl";
import { LastAnswers } from "../../../../_checks/_ui/last-answers.tsx";
import { ConfirmDialog } from "../../../../../_ui/confirm-dialog.tsx";
import { showDone } from "../../../../../_ui/toasts.ts";
import { useTRPC } from "../../../../../_trpc/client.ts";
import type { Message } from "../message-type.ts";
import { canDecide } from "./action-blocks.ts";

export interface ActionDialog {
  message: Message;
  opened: boolean;
  onClose: () => void;
  /** Called with why, when somebody else was faster and nothing was changed. */
  onNothing: (why: string) => void;
}

/** Confirms or cancels in the producer's place: says what that means for the business, and that nothing takes it back. */
export function DecideDialog({
  message,
  verdict,
  onNothing,
  ...dialog
}: ActionDialog & { verdict: "confirm" | "cancel" }) {
  const t = useTranslations();
  const say = useTranslations("messageActions");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const decide = useMutation(trpc.messages.decide.mutationOptions());
  const now = useNow();
  const { id, app, topic, state } = message;
  const later = message.deliverAt !== null && message.deliverAt > now;
  const lost = (now: Message["state"], by: Message["decidedBy"]) =>
    say("lost", { state: t(`states.${now}`), by: by ?? "other" });

  async function run(reason: string) {
    const result = await decide.mutateAsync({ id, verdict, reason });
    await queries.invalidateQueries({ queryKey: trpc.messages.read.queryKey({ id }) });
    if (result.kind === "moved")
      showDone({ message: say(`${verdict}.done`, { state: t(`states.${result.state}`) }) });
    else onNothing(lost(result.state, result.decidedBy));
  }

  return (
    <ConfirmDialog
      {...dialog}
      title={say(`${verdict}.title`)}
      effect={
        <Stack gap="xs">
          <span>{say(`${verdict}.effect`, { topic, later: later ? "yes" : "no" })}</span>
          <span>{say(`${verdict}.unknown`, { app, state })}</span>
        </Stack>
      }
      warning={
        <Stack gap="xs">
          <LastAnswers app={app} checkBacks={message.checkBacks} />
          <span>{say(`${verdict}.warning`, { app })}</span>
          <span>{say(`${verdict}.final`)}</span>
        </Stack>
      }
      reason="required"
      confirmLabel={say(`${verdict}.do`)}
      dismissLabel={say("dismiss")}
      danger
      blocked={canDecide(message) ? null : lost(state, message.decidedBy)}
      onConfirm={run}
      curl={{ method: "POST", path: `/v1/messages/${id}/${verdict}` }}
    />
  );
}
