"use client";
import { Button, Stack, Text } from "@mantine/core";
import { IconEye } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useMay } from "../../../../../_ui/operator-context.tsx";
import { Section } from "../../../../../_ui/section.tsx";
import { useTRPC } from "../../../../../_trpc/client.ts";
import { MessageHeaders } from "../message-headers.tsx";
import { PayloadView } from "./payload-view.tsx";
import type { Message } from "../timeline-entries.ts";

/** Payload and headers, or, for a masked topic, the way to see them. A payload never changes, so it is read once. */
export function PayloadSection({ message }: { message: Message }) {
  const t = useTranslations("message");
  const trpc = useTRPC();
  const plain = useQuery(trpc.messages.payload.queryOptions({ id: message.id }, { staleTime: Infinity }));
  const unmask = useMutation(trpc.messages.unmask.mutationOptions());
  const shown = unmask.data ?? plain.data;
  if (plain.isError) return <Text role="alert">{t("payloadFailed")}</Text>;
  if (shown === undefined) return null;
  if (shown.base64 === null)
    return (
      <MaskedPayload
        failed={unmask.isError}
        busy={unmask.isPending}
        show={() => unmask.mutate({ id: message.id })}
      />
    );
  return (
    <>
      <PayloadView
        id={message.id}
        base64={shown.base64}
        bytes={shown.bytes}
        contentType={shown.contentType}
        downloadable={!message.masked}
      />
      <MessageHeaders headers={shown.headers ?? {}} />
    </>
  );
}

function MaskedPayload({ show, busy, failed }: { show: () => void; busy: boolean; failed: boolean }) {
  const t = useTranslations("message");
  const allowed = useMay("payload.unmask");
  return (
    <Section title={t("payload")}>
      <Stack align="flex-start" gap="xs">
        <Text>{t("masked")}</Text>
        {allowed && (
          <Button
            variant="default"
            leftSection={<IconEye size={16} aria-hidden />}
            onClick={show}
            loading={busy}
          >
            {t("unmask")}
          </Button>
        )}
        <Text size="sm" c="dimmed">
          {allowed ? t("unmaskHint") : t("unmaskForbidden")}
        </Text>
        {failed && (
          <Text c="var(--mantine-color-error)" role="alert">
            {t("unmaskFailed")}
          </Text>
        )}
      </Stack>
    </Section>
  );
}
