"use client";
import {
  type Icon,
  IconBan,
  IconCircleCheck,
  IconCircleDashed,
  IconKey,
  IconMailForward,
} from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { StatusBadge, type Tone } from "../../../_ui/status-badge.tsx";
import { type OperatorItem, type OperatorStatus, statusOf } from "./operator-item.ts";

const LOOK: Record<OperatorStatus, { tone: Tone; icon: Icon }> = {
  active: { tone: "ok", icon: IconCircleCheck },
  suspended: { tone: "bad", icon: IconBan },
  temporary: { tone: "warn", icon: IconKey },
  invited: { tone: "info", icon: IconMailForward },
  noAccess: { tone: "idle", icon: IconCircleDashed },
};

export function OperatorStatusBadge({ operator }: { operator: OperatorItem }) {
  const t = useTranslations("operators");
  const status = statusOf(operator);
  return <StatusBadge {...LOOK[status]} label={t(`status.${status}`)} hint={t(`statusHint.${status}`)} />;
}
