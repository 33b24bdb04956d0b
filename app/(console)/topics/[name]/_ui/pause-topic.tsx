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
import type { TopicDetail } from "./topic-detail.ts";
import { useTopicRefresh } from "./use-topic-refresh.ts";

/** Pauses a topic, or lets it go on. */
export function PauseTopic({ topic }: { topic: TopicDetail }) {
  const t = useTranslations("topics");
  const trpc = useTRPC();
  const refresh = useTopicRefresh();
  const [opened, setOpened] = useState(false);
  // What the dialog asks stays while it is open, even if somebody else does it meanwhile.
  const [pausing, setPausing] = useState(true);
  const write = useMutation(trpc.topics.pause.mutationOptions());
  const { name } = topic;
  const isPaused = topic.pausedAt !== null;
  const waiting = topic.waiting.READY?.count ?? 0;

  function open() {
    setPausing(!isPaused);
    setOpened(true);
  }

  async function confirm(reason: string) {
    const { changed } = await write.mutateAsync({ name, paused: pausing, reason });
    await refresh();
    const done = pausing ? t("paused", { name }) : t("resumed", { name });
    showDone({ message: changed ? done : t(pausing ? "pausedBefore" : "resumedBefore", { name }) });
  }

  return (
    <>
      <GatedButton
        permission="topic.pause"
        data-action="pause-topic"
        variant={isPaused ? "filled" : "default"}
        leftSection={
          isPaused ? <IconPlayerPlay size={16} aria-hidden /> : <IconPlayerPause size={16} aria-hidden />
        }
        onClick={open}
      >
        {isPaused ? t("resume") : t("pause")}
      </GatedButton>
      <ConfirmDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={t(pausing ? "pauseTitle" : "resumeTitle", { name })}
        effect={
          <List size="sm" spacing={4}>
            {(pausing ? PAUSING : RESUMING).map((line) => (
              <List.Item key={line}>{t(line, { count: waiting })}</List.Item>
            ))}
          </List>
        }
        reason="required"
        confirmLabel={pausing ? t("pause") : t("resume")}
        onConfirm={confirm}
      />
    </>
  );
}

const PAUSING = ["pauseSends", "pauseIntake", "pauseLost"] as const;
const RESUMING = ["resumeSends", "resumeOrder"] as const;
