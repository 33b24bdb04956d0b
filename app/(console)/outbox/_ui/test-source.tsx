"use client";
import { Alert, Stack } from "@mantine/core";
import { IconCloudOff, IconPlugConnected } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { OutboxSourceSpec } from "@/server/domain/outbox-source.ts";
import { useTRPC } from "../../../_trpc/client.ts";
import { ErrorText } from "../../../_ui/error-text.tsx";
import { GatedButton } from "../../../_ui/gated-button.tsx";
import { TestOutcome } from "./test-outcome.tsx";

/** Looks at a source as it is declared, or would be. @param blocked why it cannot be tried as it stands */
export function TestSource({ spec, blocked }: { spec: OutboxSourceSpec; blocked: string | null }) {
  const t = useTranslations("outbox.test");
  const trpc = useTRPC();
  const test = useMutation(trpc.sources.test.mutationOptions());
  // An outcome is of what was tried: it goes when the fields change.
  const tried = JSON.stringify(test.variables) === JSON.stringify(spec);
  return (
    <Stack gap="xs" aria-live="polite">
      <div>
        <GatedButton
          permission="source.pause"
          blocked={blocked}
          data-action="test-source"
          type="button"
          size="xs"
          variant="default"
          loading={test.isPending}
          leftSection={<IconPlugConnected size={16} aria-hidden />}
          onClick={() => test.mutate(spec)}
        >
          {t("button")}
        </GatedButton>
      </div>
      {tried && test.isError && (
        <Alert color="red" icon={<IconCloudOff aria-hidden />} title={t("notTried")}>
          <ErrorText error={test.error} />
        </Alert>
      )}
      {tried && test.data !== undefined && <TestOutcome test={test.data} />}
    </Stack>
  );
}
