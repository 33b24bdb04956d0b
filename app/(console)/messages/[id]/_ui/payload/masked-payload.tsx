"use client";
import { Stack, Text } from "@mantine/core";
import { IconEye } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { ErrorText } from "../../../../../_ui/error-text.tsx";
import { GatedButton } from "../../../../../_ui/gated-button.tsx";
import { Section } from "../../../../../_ui/section.tsx";
import type { UnmaskedLook } from "./use-unmasked.ts";

/** In place of a masked topic's payload: what is hidden, and how to see it. */
export function MaskedPayload({ look }: { look: UnmaskedLook }) {
  const t = useTranslations("payload");
  return (
    <Section title={t("title")}>
      <Stack align="flex-start" gap="xs" data-masked>
        <Text size="sm">{t("masked")}</Text>
        <GatedButton
          permission="payload.unmask"
          variant="default"
          leftSection={<IconEye size={16} aria-hidden />}
          onClick={look.show}
          loading={look.busy}
        >
          {t("unmask")}
        </GatedButton>
        <Text size="sm" c="dimmed">
          {t("unmaskHint")}
        </Text>
        {look.error !== null && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {t("unmaskFailed")} <ErrorText error={look.error} />
          </Text>
        )}
      </Stack>
    </Section>
  );
}
