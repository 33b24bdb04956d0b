"use client";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "../../../../_trpc/client.ts";
import { PauseControl } from "../../../_registry/_ui/pause-control.tsx";
import type { TopicDetail } from "./topic-detail.ts";
import { useTopicRefresh } from "./use-topic-refresh.ts";

/** Pauses a topic, or lets it go on. */
export function PauseTopic({ topic }: { topic: TopicDetail }) {
  const t = useTranslations("topics");
  const trpc = useTRPC();
  const refresh = useTopicRefresh();
  const pause = useMutation(trpc.topics.pause.mutationOptions());
  const { name } = topic;
  const count = topic.waiting.READY?.count ?? 0;
  return (
    <PauseControl
      permission="topic.pause"
      action="pause-topic"
      isPaused={topic.pausedAt !== null}
      textsOf={(pausing) => ({
        label: t(pausing ? "pause" : "resume"),
        title: t(pausing ? "pauseTitle" : "resumeTitle", { name }),
        effects: (pausing ? PAUSING : RESUMING).map((line) => t(line, { count })),
        done: t(pausing ? "paused" : "resumed", { name }),
        doneBefore: t(pausing ? "pausedBefore" : "resumedBefore", { name }),
      })}
      write={async (paused, reason) => {
        const done = await pause.mutateAsync({ name, paused, reason });
        await refresh();
        return done;
      }}
    />
  );
}

const PAUSING = ["pauseSends", "pauseIntake", "pauseLost"] as const;
const RESUMING = ["resumeSends", "resumeOrder"] as const;
