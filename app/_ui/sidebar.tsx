"use client";
import { ActionIcon, Tooltip } from "@mantine/core";
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { Brand } from "./brand.tsx";
import { MainNav } from "./main-nav.tsx";
import { HOME } from "./rooms.ts";
import classes from "./sidebar.module.css";

/** Left of every page on a window that is wide enough. @param slim icons alone */
export function Sidebar({ slim, onSlim }: { slim: boolean; onSlim: (slim: boolean) => void }) {
  const t = useTranslations("nav");
  const Toggle = slim ? IconLayoutSidebarLeftExpand : IconLayoutSidebarLeftCollapse;
  const label = t(slim ? "expand" : "collapse");
  return (
    <nav className={classes.sidebar} aria-label={t("label")} data-slim={slim || undefined}>
      <Link href={HOME} className={classes.home} aria-label={t("home")}>
        <Brand slim={slim} />
      </Link>
      <div className={classes.rooms}>
        <MainNav slim={slim} />
      </div>
      <div className={classes.foot}>
        <Tooltip label={label} position="right" withArrow>
          <ActionIcon
            variant="subtle"
            color="gray"
            c="var(--mantine-color-dimmed)"
            size="lg"
            aria-label={label}
            onClick={() => onSlim(!slim)}
          >
            <Toggle size={18} stroke={1.7} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </div>
    </nav>
  );
}
