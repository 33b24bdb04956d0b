"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useTRPC } from "../../../_trpc/client.ts";
import { ConfirmDialog } from "../../../_ui/confirm-dialog.tsx";
import { roleKey } from "../../../_ui/role-key.ts";
import { showDone } from "../../../_ui/toasts.ts";
import type { OperatorItem } from "./operator-item.ts";
import { RoleChoice, type RoleName } from "./role-choice.tsx";

export function ChangeRole({
  operator,
  opened,
  onClose,
}: {
  operator: OperatorItem;
  opened: boolean;
  onClose: () => void;
}) {
  const t = useTranslations();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [chosen, setChosen] = useState<RoleName | null>(null);
  const change = useMutation(
    trpc.operators.changeRole.mutationOptions({
      onSettled: () => queries.invalidateQueries(trpc.operators.list.queryFilter()),
    }),
  );
  const own = roleKey(operator.role);
  const role = chosen ?? (own === "none" ? null : own);
  const name = operator.username;

  function leave() {
    setChosen(null);
    onClose();
  }

  return (
    <ConfirmDialog
      opened={opened}
      onClose={leave}
      title={t("operators.role.title", { name })}
      effect={t("operators.role.effect", { name, from: t(`roles.${own}`) })}
      reason="required"
      confirmLabel={t("operators.role.confirm")}
      blocked={role === null || role === operator.role ? t("operators.role.same") : null}
      onConfirm={async (reason) => {
        if (role === null) return;
        await change.mutateAsync({ id: operator.id, role, reason });
        showDone({ message: t("operators.role.done", { name, role: t(`roles.${role}`) }) });
      }}
    >
      <RoleChoice label={t("operators.role.new")} value={role} onChange={setChosen} />
    </ConfirmDialog>
  );
}
