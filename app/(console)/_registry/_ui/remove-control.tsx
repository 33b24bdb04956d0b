"use client";
import { IconTrash } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { ConfirmButton } from "../../../_ui/confirm-button.tsx";
import { showDone } from "../../../_ui/toasts.ts";
import type { PermissionName } from "../../../_ui/use-gate.ts";

interface RemoveControlProps {
  permission: PermissionName;
  /** `data-action` of the button. */
  action: string;
  texts: { label: string; title: string; effect: string; warning: ReactNode; confirm: string; done: string };
  /** Where one goes from the page of what is gone. */
  list: string;
  write: (reason: string) => Promise<unknown>;
  /** Told before it is removed, and when that did not work. */
  onLeaving: (leaving: boolean) => void;
}

/** Forgets what a page is about, and goes to the list. */
export function RemoveControl({ permission, action, texts, list, write, onLeaving }: RemoveControlProps) {
  const router = useRouter();

  async function confirm(reason: string) {
    onLeaving(true);
    try {
      await write(reason);
    } catch (error) {
      onLeaving(false);
      throw error;
    }
    showDone({ message: texts.done });
    router.push(list);
  }

  return (
    <ConfirmButton
      button={{
        label: texts.label,
        permission,
        action,
        variant: "default",
        icon: <IconTrash size={16} aria-hidden />,
      }}
      title={texts.title}
      effect={texts.effect}
      warning={texts.warning}
      reason="required"
      danger
      confirmLabel={texts.confirm}
      onConfirm={confirm}
    />
  );
}
