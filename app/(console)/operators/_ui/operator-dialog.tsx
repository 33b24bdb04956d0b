"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useTRPC } from "../../../_trpc/client.ts";
import { ConfirmDialog } from "../../../_ui/confirm-dialog.tsx";
import { roleKey } from "../../../_ui/role-key.ts";
import { showDone } from "../../../_ui/toasts.ts";
import type { OperatorAction } from "./operator-actions.tsx";
import type { OperatorItem } from "./operator-item.ts";
import { PasswordOnce } from "./password-once.tsx";

interface Dialog {
  operator: OperatorItem;
  /** Null: nothing is asked. */
  asking: Exclude<OperatorAction, "role"> | null;
  onClose: () => void;
}

/** Asks before an account is changed, and for the reason; says what will happen to which sessions. */
export function OperatorDialog({ operator, asking, onClose }: Dialog) {
  const t = useTranslations();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [last, setLast] = useState<Exclude<OperatorAction, "role">>("suspend");
  const [made, setMade] = useState<{ username: string; password: string } | null>(null);
  if (asking !== null && asking !== last) setLast(asking); // what was asked stays to be read while the dialog closes
  const action = asking ?? last;
  const onSettled = () =>
    Promise.all([
      queries.invalidateQueries(trpc.operators.list.queryFilter()),
      queries.invalidateQueries(trpc.operators.read.queryFilter()),
    ]);
  const suspend = useMutation(trpc.operators.suspend.mutationOptions({ onSettled }));
  const lift = useMutation(trpc.operators.lift.mutationOptions({ onSettled }));
  const reset = useMutation(trpc.operators.resetPassword.mutationOptions({ onSettled }));
  const endAll = useMutation(trpc.operators.endSessions.mutationOptions({ onSettled }));
  const remove = useMutation(trpc.operators.remove.mutationOptions({ onSettled }));
  const { id, username: name, sessions: count } = operator;
  const values = { name, count, role: t(`roles.${roleKey(operator.role)}`) };

  async function confirm(reason: string): Promise<void> {
    const input = { id, reason };
    switch (action) {
      case "suspend":
        await suspend.mutateAsync(input);
        return showDone({ message: t("operators.suspend.done", { name }) });
      case "lift":
        await lift.mutateAsync(input);
        return showDone({ message: t("operators.lift.done", { name }) });
      case "reset":
        return setMade({ username: name, password: (await reset.mutateAsync(input)).password });
      case "endAll": {
        const { ended } = await endAll.mutateAsync(input);
        return showDone({ message: t("account.sessions.endedMany", { count: ended }) });
      }
      case "remove":
        await remove.mutateAsync(input);
        return showDone({ message: t("operators.remove.done", { name }) });
    }
  }

  return (
    <>
      <ConfirmDialog
        opened={asking !== null}
        onClose={onClose}
        title={t(`operators.${action}.title`, values)}
        effect={t(`operators.${action}.effect`, values)}
        warning={action === "remove" ? t("operators.remove.warning") : null}
        danger={action === "remove" || action === "suspend"}
        reason="required"
        confirmLabel={t(`operators.${action}.confirm`)}
        onConfirm={confirm}
      />
      <PasswordOnce made={made} onClose={() => setMade(null)} />
    </>
  );
}
