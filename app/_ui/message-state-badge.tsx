"use client";
import { useTranslations } from "next-intl";
import type { MessageState } from "@/server/domain/message-state.ts";
import classes from "./message-state-badge.module.css";
import { STATE_LOOK } from "./state-look.ts";

/** A state by its colour, icon and name; what it means on hover. */
export function MessageStateBadge({ state }: { state: MessageState }) {
  const t = useTranslations();
  const { icon: Icon } = STATE_LOOK[state];
  return (
    <span
      className={classes.badge}
      data-state={state}
      title={t(`stateMeaning.${state}`)}
      style={{ color: `var(--state-${state}-ink)`, background: `var(--state-${state}-fill)` }}
    >
      <Icon size={14} stroke={2} aria-hidden />
      {t(`states.${state}`)}
    </span>
  );
}
