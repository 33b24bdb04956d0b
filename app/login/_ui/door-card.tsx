"use client";
import { Group, Paper, Stack, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Brand } from "../../_ui/brand.tsx";
import { LanguageMenu } from "../../_ui/language-menu.tsx";
import { ThemeMenu } from "../../_ui/theme-menu.tsx";
import classes from "./login-view.module.css";

/** A page before the console: one card with one thing to do. */
export function DoorCard({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <main className={classes.page}>
      <Paper withBorder p="xl" className={classes.card}>
        <Stack gap="lg">
          <Group justify="space-between">
            <Brand />
            <Group gap={4}>
              <LanguageMenu />
              <ThemeMenu />
            </Group>
          </Group>
          <Title order={1} size="h3">
            {heading}
          </Title>
          {children}
        </Stack>
      </Paper>
    </main>
  );
}
