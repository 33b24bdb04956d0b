"use client";
import { List } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { useState } from "react";
import { ConfirmDialog } from "../../../_ui/confirm-dialog.tsx";
import { GatedButton } from "../../../_ui/gated-button.tsx";
import type { PermissionName } from "../../../_ui/use-gate.ts";
import { showDone } from "../../../_ui/toasts.ts";

/** What pausing, or letting go on, is called and does. */
export interface PauseTexts {
  /** On the button and in the dialog. */
  label: string;
  title: string;
  /** What will happen, line by line. */
  effects: readonly string[];
  done: string;
  /** Somebody else had done it before. */
  doneBefore: string;
}

interface PauseControlProps {
  permission: PermissionName;
  /** `data-action` of the button. */
  action: string;
  isPaused: boolean;
  textsOf: (pausing: boolean) => PauseTexts;
  write: (pausing: boolean, reason: string) => Promise<{ changed: boolean }>;
}

/** Pauses something, or lets it go on, with a reason. */
export function PauseControl({ permission, action, isPaused, textsOf, write }: PauseControlProps) {
  const [opened, setOpened] = useState(false);
  // What the dialog asks stays while it is open, even if somebody else does it meanwhile.
  const [pausing, setPausing] = useState(true);
  const asked = textsOf(pausing);

  function open() {
    setPausing(!isPaused);
    setOpened(true);
  }

  async function confirm(reason: string) {
    const { changed } = await write(pausing, reason);
    showDone({ message: changed ? asked.done : asked.doneBefore });
  }

  return (
    <>
      <GatedButton
        permission={permission}
        data-action={action}
        variant={isPaused ? "filled" : "default"}
        leftSection={
          isPaused ? <IconPlayerPlay size={16} aria-hidden /> : <IconPlayerPause size={16} aria-hidden />
        }
        onClick={open}
      >
        {textsOf(!isPaused).label}
      </GatedButton>
      <ConfirmDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={asked.title}
        effect={
          <List size="sm" spacing={4}>
            {asked.effects.map((line) => (
              <List.Item key={line}>{line}</List.Item>
            ))}
          </List>
        }
        reason="required"
        confirmLabel={asked.label}
        onConfirm={confirm}
      />
    </>
  );
}
