"use client";
import { Alert } from "@mantine/core";
import { IconBan, IconCheck, IconFlag, IconHelpCircle, IconPencil, IconRepeat } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { GatedButton } from "../../../../../_ui/gated-button.tsx";
import { useAskWarning } from "../../../../_checks/_ui/use-ask-warning.ts";
import type { Message } from "../message-type.ts";
import { canDecide, editBlock, resendBlock } from "./action-blocks.ts";

// `ssr: false` also gives each a boundary of its own: without it the whole page is hidden while the dialog's code loads, and
// the button that was pressed loses the focus for good.
const DecideDialog = dynamic(() => import("./decide-dialog.tsx").then((m) => m.DecideDialog), { ssr: false });
const AskDialog = dynamic(() => import("../../../../_checks/_ui/ask-dialog.tsx").then((m) => m.AskDialog), {
  ssr: false,
});
const ResendDialog = dynamic(() => import("./resend-dialog.tsx").then((m) => m.ResendDialog), { ssr: false });

type Action = "confirm" | "cancel" | "ask" | "resend";

/** What an operator can do about a message in its state; the rest stays away, or says why it cannot be done. */
export function MessageActions({ message }: { message: Message }) {
  const t = useTranslations("messageActions");
  const router = useRouter();
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
  const { checkUrl, breaker } = message.producer;
  const away = breaker !== null && breaker.state !== "closed";
  const warning = useAskWarning()([{ app: message.app, asked: checkUrl !== null, away }]);

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
          <GatedButton
            permission="message.ask"
            data-message-action
            variant="default"
            leftSection={<IconHelpCircle size={16} aria-hidden />}
            onClick={() => begin("ask")}
          >
            {t(message.state === "UNDECIDED" ? "ask.again" : "ask.now")}
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
      {!canDecide(message) && (
        <GatedButton
          permission="message.edit"
          data-action="edit-message"
          blocked={editBlock(message) ? t("blocked.unsent") : null}
          variant="default"
          leftSection={<IconPencil size={16} aria-hidden />}
          onClick={() => router.push(`/messages/${message.id}/edit`)}
        >
          {t("edit")}
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
      {wanted === "ask" && (
        <AskDialog
          which={{ ids: [message.id] }}
          opened={opened}
          onClose={() => setOpened(false)}
          warning={warning}
        />
      )}
      {wanted === "resend" && <ResendDialog {...dialog} />}
      {(wanted === "confirm" || wanted === "cancel") && <DecideDialog {...dialog} verdict={wanted} />}
    </>
  );
}
