"use client";
import type { Icon } from "@tabler/icons-react";
import classes from "./message-state-badge.module.css";

export type Tone = "ok" | "warn" | "bad" | "idle" | "info";

/** How something is, by colour, icon and word; never by colour alone. @param hint more on hover */
export function StatusBadge({
  tone,
  icon: StatusIcon,
  label,
  hint,
}: {
  tone: Tone;
  icon: Icon;
  label: string;
  hint?: string;
}) {
  return (
    <span
      className={classes.badge}
      data-tone={tone}
      title={hint}
      style={{ color: `var(--tone-${tone}-ink)`, background: `var(--tone-${tone}-fill)` }}
    >
      <StatusIcon size={14} stroke={2} aria-hidden />
      {label}
    </span>
  );
}
