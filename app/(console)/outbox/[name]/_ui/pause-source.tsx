"use client";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "../../../../_trpc/client.ts";
import { PauseControl } from "../../../_registry/_ui/pause-control.tsx";
import type { SourceDetail } from "../../_ui/source-shape.ts";
import { useSourceRefresh } from "./use-source-refresh.ts";

/** Pauses a source, or lets it go on. */
export function PauseSource({ source }: { source: SourceDetail }) {
  const t = useTranslations("outbox");
  const trpc = useTRPC();
  const refresh = useSourceRefresh();
  const pause = useMutation(trpc.sources.pause.mutationOptions());
  const { name } = source;
  return (
    <PauseControl
      permission="source.pause"
      action="pause-source"
      isPaused={source.pausedAt !== null}
      textsOf={(pausing) => ({
        label: t(pausing ? "pause" : "resume"),
        title: t(pausing ? "pauseTitle" : "resumeTitle", { name }),
        effects: (pausing ? PAUSING : RESUMING).map((line) => t(line)),
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

const PAUSING = ["pauseRows", "pauseBusiness"] as const;
const RESUMING = ["resumeRows"] as const;
