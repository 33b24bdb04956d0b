"use client";
import { Button, Group, Progress, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { useTRPC } from "../../../_trpc/client.ts";
import { ConfirmDialog } from "../../../_ui/confirm-dialog.tsx";
import { showDone } from "../../../_ui/toasts.ts";
import { Rate } from "../../_registry/_ui/rate.tsx";
import type { ActVerb, DeliveryFilter, DeliveryKey } from "./delivery-shape.ts";

/** These deliveries, or all that match a filter: `count` of them, or with `capped` more, and none that came since. */
export type ActedWhich =
  | { keys: readonly DeliveryKey[] }
  | { filter: DeliveryFilter & { movedBefore: Date }; count: number; capped: boolean };

interface ActDialogProps {
  verb: ActVerb;
  which: ActedWhich;
  opened: boolean;
  onClose: () => void;
  onDone?: () => void;
}

/** One call takes so many: they are written into the audit log with it. */
const AT_ONCE = 500;

interface Progressing {
  changed: number;
  untouched: number;
  /** Worked on per second since the first step began. */
  pace: number;
}

/**
 * Redrives, retries or discards deliveries. Many are worked on in steps; one can stop after any of them, and a step that
 * fails leaves those before it done and says how many.
 */
export function ActDialog({ verb, which, opened, onClose, onDone }: ActDialogProps) {
  const t = useTranslations("deliveries.act");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const redrive = useMutation(trpc.deliveries.redrive.mutationOptions());
  const retryNow = useMutation(trpc.deliveries.retryNow.mutationOptions());
  const discard = useMutation(trpc.deliveries.discard.mutationOptions());
  const act = { redrive, retry_now: retryNow, discard }[verb];
  const [progress, setProgress] = useState<Progressing | null>(null);
  const [running, setRunning] = useState(false);
  const [stopping, setStopping] = useState(false);
  const stop = useRef(false);
  const all = "filter" in which;
  const count = all ? which.count : which.keys.length;
  const capped = all && which.capped;
  const done = progress === null ? 0 : progress.changed + progress.untouched;

  async function run(reason: string) {
    const sum: Progressing = { changed: 0, untouched: 0, pace: 0 };
    const begun = performance.now();
    stop.current = false;
    setStopping(false);
    setRunning(true);
    const step = async (part: Parameters<typeof act.mutateAsync>[0]["which"]) => {
      const result = await act.mutateAsync({ which: part, reason });
      sum.changed += result.done;
      sum.untouched += result.untouched;
      sum.pace = ((sum.changed + sum.untouched) * 1000) / (performance.now() - begun);
      setProgress({ ...sum });
      return result;
    };
    try {
      if (!all)
        for (let from = 0; from < which.keys.length && !stop.current; from += AT_ONCE)
          await step({ keys: which.keys.slice(from, from + AT_ONCE) });
      else {
        let after: DeliveryKey | null = null;
        do {
          const { more, last }: Awaited<ReturnType<typeof step>> = await step({ ...which.filter, after });
          after = more ? last : null;
        } while (after !== null && !stop.current);
      }
    } finally {
      setRunning(false);
      void queries.invalidateQueries(trpc.deliveries.pathFilter());
      void queries.invalidateQueries(trpc.failures.pathFilter());
      void queries.invalidateQueries(trpc.subscriptions.pathFilter());
      void queries.invalidateQueries(trpc.messages.pathFilter());
    }
    const words = [t(`${verb}.done`, { count: sum.changed }), t("untouched", { count: sum.untouched })];
    if (stop.current) words.unshift(t("aborted"));
    showDone({ message: words.filter(Boolean).join(" ") });
    onDone?.();
  }

  function close() {
    setProgress(null);
    onClose();
  }

  const matching = t(capped ? "matchingMany" : "matching", { count });
  return (
    <ConfirmDialog
      opened={opened}
      onClose={close}
      title={t(`${verb}.title`, { count })}
      effect={all ? t(`${verb}.effectAll`, { matching }) : t(`${verb}.effect`, { count })}
      warning={t(`${verb}.warning`)}
      reason="required"
      danger={verb === "discard"}
      confirmLabel={all ? t(`${verb}.doAll`) : t(`${verb}.do`, { count })}
      onConfirm={run}
    >
      {progress === null ? undefined : (
        <Stack gap="xs" aria-live="polite" data-acted={done}>
          <Group justify="space-between">
            <Text size="sm">
              {t(capped ? "progressMany" : "progress", { done, count })} · <Rate perSecond={progress.pace} />
            </Text>
            {running && count > AT_ONCE && (
              <Button
                size="compact-sm"
                variant="default"
                disabled={stopping}
                data-action="abort"
                onClick={() => {
                  stop.current = true;
                  setStopping(true);
                }}
              >
                {t(stopping ? "aborting" : "abort")}
              </Button>
            )}
          </Group>
          <Progress
            value={Math.min(100, (done / Math.max(1, count)) * 100)}
            aria-label={t("progressLabel")}
          />
        </Stack>
      )}
    </ConfirmDialog>
  );
}
