"use client";
import { Anchor, Button, Group, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { useState } from "react";
import { ErrorText } from "./error-text.tsx";

export interface ToastContent {
  message: string;
  /** Takes the change back; offered while the toast is there. */
  undo?: { run: () => Promise<void> };
  /** Where the change is seen. */
  link?: { href: string; label: string };
  error?: unknown;
}

type Undo = "offered" | "running" | "done" | { failed: unknown };

/** @param dismiss closes the toast, for when what it offers was taken */
export function ToastBody({ message, undo, link, error, dismiss }: ToastContent & { dismiss: () => void }) {
  const t = useTranslations("toast");
  const [state, setState] = useState<Undo>("offered");

  async function takeBack(run: () => Promise<void>) {
    setState("running");
    try {
      await run();
      setState("done");
    } catch (failure) {
      setState({ failed: failure });
    }
  }

  return (
    <div>
      <Text size="sm">{state === "done" ? t("undone", { message }) : message}</Text>
      {error !== undefined && (
        <Text size="sm" c="dimmed">
          <ErrorText error={error} />
        </Text>
      )}
      {typeof state === "object" && (
        <Text size="sm" c="var(--mantine-color-error)">
          {t("undoFailed")} <ErrorText error={state.failed} />
        </Text>
      )}
      {(link || (undo && state !== "done")) && (
        <Group gap="sm" mt={6}>
          {undo && state !== "done" && (
            <Button
              size="compact-sm"
              variant="default"
              loading={state === "running"}
              onClick={() => void takeBack(undo.run)}
            >
              {t("undo")}
            </Button>
          )}
          {link && (
            <Anchor component={Link} href={link.href} size="sm" onClick={dismiss}>
              {link.label}
            </Anchor>
          )}
        </Group>
      )}
    </div>
  );
}
