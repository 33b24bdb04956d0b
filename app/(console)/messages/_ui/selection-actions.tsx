"use client";
import { Button, CopyButton } from "@mantine/core";
import { IconCheck, IconCopy, IconDownload } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import type { MessageListItem } from "./message-list-item.ts";
import { toJsonLines } from "./to-json-lines.ts";

/** What can be done with the messages that are selected. */
export function SelectionActions({ messages }: { messages: readonly MessageListItem[] }) {
  const t = useTranslations("messages");
  return (
    <>
      <CopyButton value={messages.map(({ id }) => id).join("\n")} timeout={1500}>
        {({ copied, copy }) => (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={copied ? <IconCheck size={15} aria-hidden /> : <IconCopy size={15} aria-hidden />}
            onClick={copy}
          >
            {copied ? t("idsCopied") : t("copyIds")}
          </Button>
        )}
      </CopyButton>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconDownload size={15} aria-hidden />}
        title={t("exportHint")}
        onClick={() => download(toJsonLines(messages))}
      >
        {t("export")}
      </Button>
    </>
  );
}

function download(lines: string) {
  const address = URL.createObjectURL(new Blob([lines], { type: "application/x-ndjson" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = "messages.jsonl";
  link.click();
  URL.revokeObjectURL(address);
}
