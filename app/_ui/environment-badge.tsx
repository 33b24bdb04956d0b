"use client";
import { IconFlame, IconServer2 } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useConsoleFacts } from "./console-context.tsx";
import classes from "./environment-badge.module.css";
import { isProduction } from "./is-production.ts";

/** Which installation this is; one that serves customers never looks like another. */
export function EnvironmentBadge() {
  const t = useTranslations("app");
  const { environment } = useConsoleFacts();
  const production = isProduction(environment);
  const BadgeIcon = production ? IconFlame : IconServer2;
  return (
    <span
      className={classes.badge}
      data-production={production || undefined}
      title={t(production ? "production" : "environment", { name: environment })}
    >
      <BadgeIcon size={14} stroke={2} aria-hidden />
      <span className={classes.name}>{environment}</span>
    </span>
  );
}
