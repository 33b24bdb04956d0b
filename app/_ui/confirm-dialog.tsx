"use client";
import { Modal } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { ConfirmForm, type ConfirmFormProps } from "./confirm-form.tsx";
import { useOpenerFocus } from "./use-opener-focus.ts";

export interface ConfirmDialogProps extends Omit<ConfirmFormProps, "onBusy" | "onCancel" | "onDone"> {
  opened: boolean;
  onClose: () => void;
  title: string;
}

/**
 * Asks before something that counts. It says what will happen to how many, takes the reason, stays open with the error
 * when it did not work, and closes by itself when it did.
 */
export function ConfirmDialog({ opened, onClose, title, ...form }: ConfirmDialogProps) {
  const t = useTranslations("confirm");
  const [busy, setBusy] = useState(false);
  useOpenerFocus(opened);
  return (
    <Modal
      opened={opened}
      onClose={busy ? () => undefined : onClose}
      title={title}
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": t("close"), disabled: busy }}
      size="lg"
      centered
    >
      <ConfirmForm {...form} onBusy={setBusy} onCancel={onClose} onDone={onClose} />
    </Modal>
  );
}
