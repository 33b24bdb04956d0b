"use client";
import type { Icon } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import Link from "next/link";
import type { ReactNode } from "react";
import classes from "./funnel.module.css";

/** A way out of a step, or beside it. @param tone set when somebody should look */
export function FunnelExit({
  icon: ExitIcon,
  name,
  href,
  figure,
  note,
  tone,
}: {
  icon: Icon;
  name:
    | "undecided"
    | "cancelled"
    | "scheduled"
    | "held"
    | "rejected"
    | "unacknowledged"
    | "retrying"
    | "dead";
  href: string;
  figure: ReactNode;
  note?: ReactNode;
  tone?: "warn" | "bad";
}) {
  const t = useTranslations("overview");
  return (
    <li>
      <Link
        href={href}
        prefetch={false}
        className={classes.exit}
        data-tone={tone}
        data-exit={name}
        title={t(`exitHint.${name}`)}
      >
        <ExitIcon size={16} aria-hidden style={tone && { color: `var(--tone-${tone}-ink)` }} />
        <span className={classes.exitName}>{t(`exit.${name}`)}</span>
        <span className={classes.exitFigure}>{figure}</span>
        {Boolean(note) && <span className={classes.exitNote}>{note}</span>}
      </Link>
    </li>
  );
}
