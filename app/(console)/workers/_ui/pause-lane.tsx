"use client";
import { List } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { ConfirmDialog } from "../../../_ui/confirm-dialog.tsx";
import { GatedButton } from "../../../_ui/gated-button.tsx";
import { showDone } from "../../../_ui/toasts.ts";
import type { BoardLane } from "./board.ts";
import { useBoardActions } from "./use-board-action.ts";

/** Pauses a lane, or lets it go on. */
export function PauseLane({ lane: { lane, pausedAt, waiting } }: { lane: BoardLane }) {
  const t = useTranslations("workers");
  const { pauseLane } = useBoardActions();
  const [opened, setOpened] = useState(false);
  // What the dialog asks stays while it is open, even if somebody else does it meanwhile.
  const [pausing, setPausing] = useState(true);
  const isPaused = pausedAt !== null;

  function open() {
    setPausing(!isPaused);
    setOpened(true);
  }

  async function confirm(reason: string) {
    const { changed } = await pauseLane({ lane, paused: pausing, reason });
    if (!changed) return showDone({ message: t(pausing ? "pausedBefore" : "resumedBefore", { lane }) });
    showDone({
      message: t(pausing ? "pausedDone" : "resumedDone", { lane }),
      undo: pausing
        ? { run: () => pauseLane({ lane, paused: false, reason: t("undoReason") }).then(() => undefined) }
        : undefined,
    });
  }

  return (
    <>
      <GatedButton
        permission="lane.pause"
        variant={isPaused ? "light" : "default"}
        size="compact-sm"
        leftSection={
          isPaused ? <IconPlayerPlay size={15} aria-hidden /> : <IconPlayerPause size={15} aria-hidden />
        }
        aria-label={t(isPaused ? "resumeLane" : "pauseLane", { lane })}
        onClick={open}
      >
        {t(isPaused ? "resume" : "pause")}
      </GatedButton>
      <ConfirmDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={t(pausing ? "pauseTitle" : "resumeTitle", { lane })}
        effect={
          <List size="sm" spacing={4}>
            {(pausing ? PAUSING : RESUMING).map((line) => (
              <List.Item key={line}>{t(line, { count: waiting })}</List.Item>
            ))}
          </List>
        }
        reason={pausing ? "required" : "optional"}
        confirmLabel={t(pausing ? "pauseLane" : "resumeLane", { lane })}
        onConfirm={confirm}
      />
    </>
  );
}

const PAUSING = ["pauseSends", "pauseIntake", "pauseOwner"] as const;
const RESUMING = ["resumeSends"] as const;
