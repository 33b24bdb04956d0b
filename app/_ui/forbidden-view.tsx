"use client";
import { IconLock } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { NoticeView } from "./notice-view.tsx";
import { useOperator } from "./operator-context.tsx";
import { roleKey } from "./role-key.ts";

/** For who is signed in but may not see this. */
export function ForbiddenView() {
  const t = useTranslations();
  const { username, role } = useOperator();
  return (
    <NoticeView icon={IconLock} title={t("errors.forbiddenTitle")} order={1}>
      {t("errors.forbiddenText", { name: username, role: t(`roles.${roleKey(role)}`) })}
    </NoticeView>
  );
}
