"use client";
import { AppShell, Badge, Group } from "@mantine/core";
import { useTranslations } from "next-intl";
import Link from "next/link";
import type { ReactNode } from "react";
import { LiveBanner } from "../_live/live-banner.tsx";
import { LiveIndicator } from "../_live/live-indicator.tsx";
import { LiveProvider } from "../_live/live-provider.tsx";
import { AccountMenu } from "./account-menu.tsx";
import { Brand } from "./brand.tsx";
import classes from "./console-shell.module.css";
import { LanguageMenu } from "./language-menu.tsx";
import { MainNav } from "./main-nav.tsx";
import { ThemeMenu } from "./theme-menu.tsx";
import { TimeZoneKeeper } from "./time-zone-keeper.tsx";

interface Shell {
  environment: string;
  version: string;
  /** Whether the operator may follow changes. */
  live: boolean;
  children: ReactNode;
}

/** Header and frame of every page. */
export function ConsoleShell({ environment, version, live, children }: Shell) {
  const t = useTranslations();
  const page = (
    <AppShell header={{ height: 56 }} padding="md">
      <a href="#content" className={classes.skip}>
        {t("nav.skip")}
      </a>
      <AppShell.Header className={classes.header}>
        <Group gap="lg" wrap="nowrap">
          <Link href="/messages" className={classes.home}>
            <Brand compact />
          </Link>
          <MainNav />
        </Group>
        <Group gap="xs" wrap="nowrap">
          {live && <LiveIndicator />}
          <Badge
            variant="default"
            tt="none"
            radius="sm"
            className={classes.environment}
            title={t("app.environment", { name: environment })}
          >
            {environment}
          </Badge>
          <LanguageMenu />
          <ThemeMenu />
          <AccountMenu version={version} />
        </Group>
      </AppShell.Header>
      <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
        <div className={classes.page}>
          {live && <LiveBanner />}
          {children}
        </div>
      </AppShell.Main>
      <TimeZoneKeeper />
    </AppShell>
  );
  return live ? <LiveProvider>{page}</LiveProvider> : page;
}
