"use client";
import { ActionIcon } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconLink } from "@tabler/icons-react";
import { useTranslations } from "next-intl";

/** Puts the page's whole address on the clipboard, for a colleague. @param path within the console */
export function CopyLink({ path }: { path: string }) {
  const t = useTranslations("message");
  const { copied, copy } = useClipboard({ timeout: 1500 });
  const label = copied ? t("linkCopied") : t("copyLink");
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      c="var(--mantine-color-dimmed)"
      size="sm"
      onClick={() => copy(new URL(path, location.origin).href)}
      aria-label={label}
      title={label}
    >
      {copied ? <IconCheck size={15} aria-hidden /> : <IconLink size={15} aria-hidden />}
    </ActionIcon>
  );
}
