"use client";
import { type ReactNode, useState } from "react";
import { ConfirmDialog, type ConfirmDialogProps } from "./confirm-dialog.tsx";
import { GatedButton } from "./gated-button.tsx";
import type { PermissionName } from "./use-gate.ts";

interface ConfirmButtonProps extends Omit<ConfirmDialogProps, "opened" | "onClose"> {
  button: {
    label: string;
    permission: PermissionName;
    /** `data-action`, for tests. */
    action: string;
    icon?: ReactNode;
    /** Why it cannot be done just now, though the role may. */
    blocked?: string | null;
    size?: string;
    variant?: string;
  };
  /** Told before the dialog opens: what it shows begins anew. */
  onOpen?: () => void;
  onClose?: () => void;
}

/** A button whose dialog asks before it acts. */
export function ConfirmButton({ button, onOpen, onClose, ...dialog }: ConfirmButtonProps) {
  const [opened, setOpened] = useState(false);
  const { label, action, icon, ...look } = button;

  function open() {
    onOpen?.();
    setOpened(true);
  }

  function close() {
    setOpened(false);
    onClose?.();
  }

  return (
    <>
      <GatedButton {...look} data-action={action} leftSection={icon} onClick={open}>
        {label}
      </GatedButton>
      <ConfirmDialog {...dialog} opened={opened} onClose={close} />
    </>
  );
}
