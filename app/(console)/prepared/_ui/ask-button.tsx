"use client";
import { IconHelpCircle } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { GatedButton } from "../../../_ui/gated-button.tsx";
import type { AskedWhich } from "../../_checks/_ui/ask-dialog.tsx";

const AskDialog = dynamic(() => import("../../_checks/_ui/ask-dialog.tsx").then((m) => m.AskDialog), {
  ssr: false,
});

interface AskButtonProps {
  which: AskedWhich;
  label: string;
  /** Why there is nothing to ask just now; null: there is. */
  blocked?: string | null;
  /** What keeps producers from answering; null: nothing that is known. */
  warning?: string | null;
  size?: string;
  action: string;
  onAsked?: () => void;
}

/** Has producers asked at once, after it said about how many. */
export function AskButton({ which, label, blocked, warning, size = "xs", action, onAsked }: AskButtonProps) {
  const [opened, setOpened] = useState(false);
  /** What it was about when it was opened: the list goes on living behind the dialog. */
  const [wanted, setWanted] = useState<AskedWhich | null>(null);
  return (
    <>
      <GatedButton
        permission="message.ask"
        blocked={blocked ?? null}
        size={size}
        variant="default"
        data-action={action}
        leftSection={<IconHelpCircle size={16} aria-hidden />}
        onClick={() => {
          setWanted(which);
          setOpened(true);
        }}
      >
        {label}
      </GatedButton>
      {wanted !== null && (
        <AskDialog
          which={wanted}
          opened={opened}
          onClose={() => setOpened(false)}
          warning={warning}
          onAsked={onAsked}
        />
      )}
    </>
  );
}
