"use client";
import { AppShell, Group } from "@mantine/core";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { KeyboardRoot } from "../_keyboard/keyboard-root.tsx";
import { LiveBanner } from "../_live/live-banner.tsx";
import { LiveIndicator } from "../_live/live-indicator.tsx";
import { LiveProvider } from "../_live/live-provider.tsx";
import { PaletteButton } from "../_palette/palette-button.tsx";
import { PaletteRoot } from "../_palette/palette-root.tsx";
import { AccountMenu } from "./account-menu.tsx";
import { useConsoleFacts } from "./console-context.tsx";
import classes from "./console-shell.module.css";
import { EnvironmentBadge } from "./environment-badge.tsx";
import { isProduction } from "./is-production.ts";
import { keepPreference } from "./keep-preference.ts";
import { NavBurger } from "./nav-burger.tsx";
import { PreferenceMenus } from "./preference-menus.tsx";
import { SIDEBAR_COOKIE } from "./sidebar-cookie.ts";
import { Sidebar } from "./sidebar.tsx";
import { TimeZoneKeeper } from "./time-zone-keeper.tsx";

interface Shell {
  /** Whether the operator may follow changes. */
  live: boolean;
  /** The navigation as the operator left it. */
  slim: boolean;
  children: ReactNode;
}

/** Navigation, header and frame of every page. */
export function ConsoleShell({ live, slim: slimBefore, children }: Shell) {
  const t = useTranslations("nav");
  const { environment } = useConsoleFacts();
  const [slim, setSlim] = useState(slimBefore);

  function keepSlim(next: boolean) {
    setSlim(next);
    keepPreference(SIDEBAR_COOKIE, next ? "slim" : "wide");
  }

  const page = (
    <AppShell
      layout="alt"
      header={{ height: 52 }}
      navbar={{ width: slim ? 56 : 216, breakpoint: "sm", collapsed: { mobile: true } }}
      padding="md"
      transitionDuration={0}
      data-production={isProduction(environment) || undefined}
      className={classes.shell}
    >
      <a href="#content" className={classes.skip}>
        {t("skip")}
      </a>
      <AppShell.Navbar component="div" className={classes.navbar} visibleFrom="sm">
        <Sidebar slim={slim} onSlim={keepSlim} />
      </AppShell.Navbar>
      <AppShell.Header className={classes.header}>
        <Group gap="sm" wrap="nowrap" className={classes.place}>
          <NavBurger />
          <EnvironmentBadge />
          {live && <LiveIndicator />}
        </Group>
        <Group gap={4} wrap="nowrap">
          <PaletteButton />
          <Group gap={4} wrap="nowrap" visibleFrom="sm">
            <PreferenceMenus />
          </Group>
          <AccountMenu />
        </Group>
      </AppShell.Header>
      <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
        <div className={classes.page}>
          {live && <LiveBanner />}
          {children}
        </div>
      </AppShell.Main>
      <TimeZoneKeeper />
      <KeyboardRoot />
      <PaletteRoot />
    </AppShell>
  );
  return live ? <LiveProvider>{page}</LiveProvider> : page;
}
