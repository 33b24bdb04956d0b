"use client";
import { Code, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useTranslations } from "next-intl";
import { Brand } from "../../_ui/brand.tsx";
import { LanguageMenu } from "../../_ui/language-menu.tsx";
import { ThemeMenu } from "../../_ui/theme-menu.tsx";
import { LoginForm } from "./login-form.tsx";
import classes from "./login-view.module.css";

export function LoginView({ next, ended }: { next: string; ended: boolean }) {
  const t = useTranslations("login");
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
            {t("heading")}
          </Title>
          <LoginForm next={next} ended={ended} />
          <Text size="sm" c="dimmed">
            {t("forgotten")} <Code>npx surelay users reset-password</Code>
          </Text>
        </Stack>
      </Paper>
    </main>
  );
}
