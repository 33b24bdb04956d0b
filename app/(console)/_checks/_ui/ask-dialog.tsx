"use client";
import { Progress, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "next-intl";
import { useState } from "react";
import { useTRPC } from "../../../_trpc/client.ts";
import { ConfirmDialog } from "../../../_ui/confirm-dialog.tsx";
import { showDone } from "../../../_ui/toasts.ts";

/** Whom it concerns: these messages, or all that an app (null: every app) left in a state. */
export type AskedWhich =
  | { ids: readonly string[] }
  | { app: string | null; state: "PREPARED" | "UNDECIDED"; count: number };

interface AskDialogProps {
  which: AskedWhich;
  opened: boolean;
  onClose: () => void;
  /** What keeps producers from being asked just now, in words; null: nothing. */
  warning?: string | null;
  onAsked?: () => void;
}

/** One call takes so many: they are written into the audit log with it. */
const AT_ONCE = 500;

interface Progressing {
  asked: number;
  untouched: number;
}

/** Has producers asked at once. Many are asked in steps; a step that fails leaves those before it asked, and says how many. */
export function AskDialog({ which, opened, onClose, warning = null, onAsked }: AskDialogProps) {
  const t = useTranslations("checkBack.ask");
  const format = useFormatter();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const ask = useMutation(trpc.prepared.askAgain.mutationOptions());
  const [progress, setProgress] = useState<Progressing | null>(null);
  const count = "ids" in which ? which.ids.length : which.count;
  const done = progress === null ? 0 : progress.asked + progress.untouched;

  async function run(reason: string) {
    const sum: Progressing = { asked: 0, untouched: 0 };
    const add = ({ askedAgain, hurried, untouched }: Awaited<ReturnType<typeof ask.mutateAsync>>) => {
      sum.asked += askedAgain.length + hurried.length;
      sum.untouched += untouched.length;
      setProgress({ ...sum });
    };
    try {
      if ("ids" in which)
        for (let from = 0; from < which.ids.length; from += AT_ONCE)
          add(await ask.mutateAsync({ which: { ids: which.ids.slice(from, from + AT_ONCE) }, reason }));
      else {
        const { app, state } = which;
        let after: string | null = null;
        do {
          const step: Awaited<ReturnType<typeof ask.mutateAsync>> = await ask.mutateAsync({
            which: { app, state, after },
            reason,
          });
          add(step);
          after = step.more ? step.last : null;
        } while (after !== null);
      }
    } finally {
      void queries.invalidateQueries(trpc.prepared.pathFilter());
      void queries.invalidateQueries(trpc.messages.pathFilter());
    }
    showDone({ message: t("done", { ...sum }) });
    onAsked?.();
  }

  return (
    <ConfirmDialog
      opened={opened}
      onClose={() => {
        setProgress(null);
        onClose();
      }}
      title={t("title", { count })}
      effect={
        <Stack gap="xs">
          <span>
            {"ids" in which
              ? t("effect", { count })
              : t("effectAll", {
                  count: format.number(count),
                  state: which.state,
                  app: which.app ?? "",
                  every: which.app === null ? "yes" : "no",
                })}
          </span>
          <span>{t("harmless")}</span>
        </Stack>
      }
      count={count}
      warning={warning}
      reason="required"
      confirmLabel={t("do", { count })}
      onConfirm={run}
    >
      {progress === null ? undefined : (
        <div aria-live="polite" data-asked>
          <Text size="sm">{t("progress", { done, asked: progress.asked, count })}</Text>
          <Progress
            value={Math.min(100, (done / Math.max(1, count)) * 100)}
            aria-label={t("progressLabel")}
          />
        </div>
      )}
    </ConfirmDialog>
  );
}
