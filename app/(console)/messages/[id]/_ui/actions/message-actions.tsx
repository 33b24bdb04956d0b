"use client";
import { Alert } from "@mantine/core";
import { IconBan, IconCheck, IconFlag, IconRepeat } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import dynamic from "next/dynamic";
import { useState } from "react";
import { GatedButton } from "../../../../../_ui/gated-button.tsx";
import type { Message } from "../message-type.ts";
import { canDecide, resendBlock } from "./action-blocks.ts";

// `ssr: false` also gives each a boundary of its own: without it the whole page is hidden while the dialog's code loads, and
// the button that was pressed loses the focus for good.
const DecideDialog = dynamic(() => import("./decide-dialog.tsx").then((m) => m.DecideDialog), { ssr: false });
const ResendDialog = dynamic(() => import("./resend-dialog.tsx").then((m) => m.ResendDialog), { ssr: false });

type Action = "confirm" | "cancel" | "resend";

/** What an operator can do about a message in its state; the rest stays away, or says why it cannot be done. */
export function MessageActions({ message }: { message: Message }) {
  const t = useTranslations("messageActions");
  const [opened, setOpened] = useState(false);
  /** The last one asked for: its dialog stays in the page when it closes, to give the focus back. */
  const [wanted, setWanted] = useState<Action | null>(null);
  const [outcome, setOutcome] = useState<string | null>(null);
  const begin = (action: Action) => {
    setOutcome(null);
    setWanted(action);
    setOpened(true);
  };
  const dialog = { message, opened, onClose: () => setOpened(false), onNothing: setOutcome };
  const block = resendBlock(message);

  return (
    <>
      {canDecide(message) ? (
        <>
          <GatedButton
            permission="message.decide"
            data-message-action
            variant="default"
            leftSection={<IconCheck size={16} aria-hidden />}
            onClick={() => begin("confirm")}
          >
            {t("confirm.button")}
          </GatedButton>
          <GatedButton
            permission="message.decide"
            data-message-action
            variant="default"
            leftSection={<IconBan size={16} aria-hidden />}
            onClick={() => begin("cancel")}
          >
            {t("cancel.button")}
          </GatedButton>
        </>
      ) : (
        <GatedButton
          permission="message.resend"
          data-message-action
          blocked={
            block && t(`blocked.${block}`, { attempt: message.openResend?.attempt ?? message.attempt })
          }
          variant="default"
          leftSection={<IconRepeat size={16} aria-hidden />}
          onClick={() => begin("resend")}
        >
          {t("resend.button")}
        </GatedButton>
      )}
      {outcome !== null && (
        <Alert
          role="alert"
          data-outcome
          color="orange"
          icon={<IconFlag aria-hidden />}
          title={t("nothingChanged")}
          withCloseButton
          closeButtonLabel={t("dismiss")}
          onClose={() => setOutcome(null)}
          w="100%"
        >
          {outcome}
        </Alert>
      )}
      {wanted === "resend" && <ResendDialog {...dialog} />}
      {(wanted === "confirm" || wanted === "cancel") && <DecideDialog {...dialog} verdict={wanted} />}
    </>
  );
}
