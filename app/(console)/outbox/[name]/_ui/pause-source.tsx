"use client";
import { List } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useTRPC } from "../../../../_trpc/client.ts";
import { ConfirmDialog } from "../../../../_ui/confirm-dialog.tsx";
import { GatedButton } from "../../../../_ui/gated-button.tsx";
import { showDone } from "../../../../_ui/toasts.ts";
import type { SourceDetail } from "../../_ui/source-shape.ts";
import { useSourceRefresh } from "./use-source-refresh.ts";

/** Pauses a source, or lets it go on. */
export function PauseSource({ source }: { source: SourceDetail }) {
  const t = useTranslations("outbox");
  const trpc = useTRPC();
  const refresh = useSourceRefresh();
  const [opened, setOpened] = useState(false);
  // What the dialog asks stays while it is open, even if somebody else does it meanwhile.
  const [pausing, setPausing] = useState(true);
  const pause = useMutation(trpc.sources.pause.mutationOptions());
  const { name } = source;
  const isPaused = source.pausedAt !== null;

  async function confirm(reason: string) {
    const { changed } = await pause.mutateAsync({ name, paused: pausing, reason });
    await refresh();
    const done = t(pausing ? "paused" : "resumed", { name });
    showDone({ message: changed ? done : t(pausing ? "pausedBefore" : "resumedBefore", { name }) });
  }

  return (
    <>
      <GatedButton
        permission="source.pause"
        data-action="pause-source"
        variant={isPaused ? "filled" : "default"}
        leftSection={
          isPaused ? <IconPlayerPlay size={16} aria-hidden /> : <IconPlayerPause size={16} aria-hidden />
        }
        onClick={() => {
          setPausing(!isPaused);
          setOpened(true);
        }}
      >
        {t(isPaused ? "resume" : "pause")}
      </GatedButton>
      <ConfirmDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={t(pausing ? "pauseTitle" : "resumeTitle", { name })}
        effect={
          <List size="sm" spacing={4}>
            {(pausing ? PAUSING : RESUMING).map((line) => (
              <List.Item key={line}>{t(line)}</List.Item>
            ))}
          </List>
        }
        reason="required"
        confirmLabel={t(pausing ? "pause" : "resume")}
        onConfirm={confirm}
      />
    </>
  );
}

const PAUSING = ["pauseRows", "pauseBusiness"] as const;
const RESUMING = ["resumeRows"] as const;
