"use client";
import { Button, CopyButton } from "@mantine/core";
import { IconCheck, IconTerminal2 } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useConsoleFacts } from "./console-context.tsx";
import { type CurlRequest, formatCurl } from "./format-curl.ts";

/** Puts the same action, as a call of the HTTP API, on the clipboard. */
export function CopyAsCurl({ request, size = "xs" }: { request: CurlRequest; size?: string }) {
  const t = useTranslations("copy");
  const { apiUrl } = useConsoleFacts();
  return (
    <CopyButton value={formatCurl(apiUrl, request)} timeout={1500}>
      {({ copied, copy }) => (
        <Button
          variant="subtle"
          color="gray"
          c="var(--mantine-color-dimmed)"
          size={size}
          onClick={copy}
          title={t("curlHint")}
          leftSection={copied ? <IconCheck size={15} aria-hidden /> : <IconTerminal2 size={15} aria-hidden />}
        >
          {copied ? t("copied") : t("curl")}
        </Button>
      )}
    </CopyButton>
  );
}
