"use client";
import { Anchor, List, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { ConfirmDialog } from "../../../../../_ui/confirm-dialog.tsx";
import { showDone } from "../../../../../_ui/toasts.ts";
import { useTRPC } from "../../../../../_trpc/client.ts";
import { resendBlock } from "./action-blocks.ts";
import type { ActionDialog } from "./decide-dialog.tsx";

/** Sends a message again: says as which attempt, and who will see it twice or out of order. */
export function ResendDialog({ message, onNothing, ...dialog }: ActionDialog) {
  const t = useTranslations();
  const say = useTranslations("messageActions");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const resend = useMutation(trpc.messages.resend.mutationOptions());
  const { id, topic, key, reason: refusal } = message;
  const attempt = message.attempt + 1;
  const was = message.state === "REJECTED" ? "rejected" : "sent";
  const block = resendBlock(message);

  async function run(reason: string) {
    const result = await resend.mutateAsync({ id, reason });
    await queries.invalidateQueries({ queryKey: trpc.messages.read.queryKey({ id }) });
    if (result.kind === "queued") showDone({ message: say("resend.done", { attempt: result.attempt }) });
    else if (result.kind === "already_queued") onNothing(say("blocked.asked", { attempt: message.attempt }));
    else onNothing(say("resend.wrongState", { state: t(`states.${result.state}`) }));
  }

  return (
    <ConfirmDialog
      {...dialog}
      title={say("resend.title")}
      effect={
        <Stack gap="xs">
          <span>{say(`resend.${was}`, { topic, attempt })}</span>
          {was === "rejected" && refusal !== null && (
            <span>{say("resend.refusal", { reason: refusal })}</span>
          )}
        </Stack>
      }
      warning={
        <List size="sm" spacing={4}>
          {was === "sent" && (
            <>
              <List.Item>{say("resend.duplicate")}</List.Item>
              <List.Item>
                {say.rich("resend.anew", {
                  edit: (text) => (
                    <Anchor component={Link} href={`/messages/${id}/edit`} inherit underline="always">
                      {text}
                    </Anchor>
                  ),
                })}
              </List.Item>
            </>
          )}
          <List.Item>{key === null ? say("resend.orderless") : say("resend.order", { key })}</List.Item>
        </List>
      }
      reason="required"
      confirmLabel={say("resend.do", { attempt })}
      dismissLabel={say("dismiss")}
      blocked={block && say(`blocked.${block}`, { attempt: message.openResend?.attempt ?? message.attempt })}
      onConfirm={run}
    />
  );
}
