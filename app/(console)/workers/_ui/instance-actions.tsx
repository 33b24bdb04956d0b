"use client";
import { List } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { ConfirmDialog } from "../../../_ui/confirm-dialog.tsx";
import { GatedButton } from "../../../_ui/gated-button.tsx";
import { showDone } from "../../../_ui/toasts.ts";
import { useMeasures } from "../../../_ui/use-measures.ts";
import { type Instance, isKind, isRunning } from "./board.ts";
import classes from "./instance-table.module.css";
import { useBoardActions } from "./use-board-action.ts";

type Wish = "run" | "quiet" | "stop";

/** Quiet, run again, stop: for processes that run. */
export function InstanceActions({ instance, isLastRelay }: { instance: Instance; isLastRelay: boolean }) {
  const t = useTranslations("workers");
  const [wish, setWish] = useState<Wish | null>(null);
  // The dialog keeps its words while it closes.
  const [asked, setAsked] = useState<Wish>("quiet");
  if (!isRunning(instance) || instance.kind === "console") return null;
  const { name } = instance;
  const turn: Wish = instance.wanted === "quiet" ? "run" : "quiet";
  const leaving = instance.mode === "stopping" || instance.wanted === "stop";
  const blocked = leaving ? t("isStopping") : null;
  const open = (what: Wish) => () => {
    setAsked(what);
    setWish(what);
  };
  return (
    <div className={classes.actions}>
      {[turn, "stop" as const].map((what) => (
        <GatedButton
          key={what}
          permission="worker.control"
          blocked={blocked}
          variant={what === "run" ? "light" : "default"}
          size="compact-sm"
          aria-label={t(`askLabel.${what}`, { name: `${instance.kind} ${name}` })}
          onClick={open(what)}
        >
          {t(`ask.${what}`)}
        </GatedButton>
      ))}
      <CommandDialog
        instance={instance}
        wish={asked}
        opened={wish !== null}
        onClose={() => setWish(null)}
        isLastRelay={isLastRelay}
      />
    </div>
  );
}

function CommandDialog(props: {
  instance: Instance;
  wish: Wish;
  opened: boolean;
  onClose: () => void;
  isLastRelay: boolean;
}) {
  const { instance, wish } = props;
  const t = useTranslations("workers");
  const { duration } = useMeasures();
  const { command } = useBoardActions();
  const { kind, name, startedAt } = instance;
  const process = `${kind} ${name}`;

  async function confirm(reason: string) {
    const { outcome } = await command({ kind, name, startedAt, wanted: wish, reason });
    if (outcome === "gone") return showDone({ message: t("gone", { name: process }) });
    showDone({
      message: t(`asked.${wish}`, { name: process }),
      undo:
        wish === "quiet"
          ? {
              run: async () => {
                await command({ kind, name, startedAt, wanted: "run", reason: t("undoReason") });
              },
            }
          : undefined,
    });
  }

  return (
    <ConfirmDialog
      opened={props.opened}
      onClose={props.onClose}
      title={t(`askTitle.${wish}`, { name: process })}
      effect={
        <List size="sm" spacing={4}>
          {wish === "quiet" && isKind(kind) && kind !== "console" && (
            <List.Item>{t(`quietEffect.${kind}`)}</List.Item>
          )}
          {wish === "stop" && <List.Item>{t("stopEffect")}</List.Item>}
          {wish === "stop" && <List.Item>{t("stopRestart")}</List.Item>}
          {wish === "run" && <List.Item>{t("runEffect")}</List.Item>}
          <List.Item>{t("latency", { time: duration(instance.heartbeatMs) })}</List.Item>
        </List>
      }
      warning={props.isLastRelay && wish !== "run" ? t("lastRelay") : undefined}
      reason={wish === "run" ? "optional" : "required"}
      confirmLabel={t(`askLabel.${wish}`, { name: process })}
      danger={wish === "stop"}
      onConfirm={confirm}
    />
  );
}
