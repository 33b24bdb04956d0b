"use client";
import { Group } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { GatedButton } from "../../../_ui/gated-button.tsx";
import { useOperator } from "../../../_ui/operator-context.tsx";
import { ChangeRole } from "./change-role.tsx";
import { OperatorDialog } from "./operator-dialog.tsx";
import { type OperatorItem, type Ways, isLastAdmin } from "./operator-item.ts";

export type OperatorAction = "role" | "suspend" | "lift" | "reset" | "endAll" | "remove";

interface Actions {
  operator: OperatorItem;
  all: readonly OperatorItem[];
  ways: Ways;
}

/** What an admin can do with an account; what cannot be done says why. */
export function OperatorActions({ operator, all, ways }: Actions) {
  const t = useTranslations("operators");
  const { id: own } = useOperator();
  const [asking, setAsking] = useState<OperatorAction | null>(null);
  const self = operator.id === own ? t("blocked.self") : null;
  const last = isLastAdmin(operator, all) ? t("blocked.lastAdmin") : null;
  const blocked: Record<OperatorAction, string | null> = {
    role:
      self ?? last ?? (ways.rolesFromProvider && operator.signIn === "oidc" ? t("blocked.provider") : null),
    suspend: self ?? last,
    lift: self,
    reset:
      self === null
        ? operator.signIn === "password"
          ? null
          : t("blocked.noPassword")
        : t("blocked.selfPassword"),
    endAll: operator.sessions === 0 ? t("blocked.noSessions") : self,
    remove: self ?? last,
  };
  const offered: OperatorAction[] = [
    "role",
    "reset",
    "endAll",
    operator.suspended ? "lift" : "suspend",
    "remove",
  ];
  const close = () => setAsking(null);
  return (
    <>
      <Group gap="xs" component="section" aria-label={t("actions")} data-operator-actions>
        {offered.map((action) => (
          <GatedButton
            key={action}
            permission="operator.manage"
            blocked={blocked[action]}
            size="compact-sm"
            variant="default"
            onClick={() => setAsking(action)}
          >
            {t(`${action}.action`)}
          </GatedButton>
        ))}
      </Group>
      <ChangeRole operator={operator} opened={asking === "role"} onClose={close} />
      <OperatorDialog operator={operator} asking={asking === "role" ? null : asking} onClose={close} />
    </>
  );
}
