"use client";
import { ActionIcon, CopyButton } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useTranslations } from "next-intl";

/** Puts a value on the clipboard. @param what its name, for who cannot see the icon */
export function CopyValue({ value, what }: { value: string; what: string }) {
  const t = useTranslations("copy");
  return (
    <CopyButton value={value} timeout={1500}>
      {({ copied, copy }) => (
        <ActionIcon
          variant="subtle"
          color="gray"
          c="var(--mantine-color-dimmed)"
          size="sm"
          onClick={copy}
          aria-label={copied ? t("copied") : t("copy", { what })}
          title={copied ? t("copied") : t("copy", { what })}
        >
          {copied ? <IconCheck size={15} aria-hidden /> : <IconCopy size={15} aria-hidden />}
        </ActionIcon>
      )}
    </CopyButton>
  );
}
