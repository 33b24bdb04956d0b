"use client";
import { Alert, Button, Group, Loader, Modal, Stack, Text } from "@mantine/core";
import { IconCloudOff, IconPlugConnected } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { ErrorText } from "../../../_ui/error-text.tsx";
import { GatedButton } from "../../../_ui/gated-button.tsx";
import type { PermissionName } from "../../../_ui/use-gate.ts";
import { useOpenerFocus } from "../../../_ui/use-opener-focus.ts";

interface TryOutProps<T> {
  permission: PermissionName;
  /** `data-action` of the button. */
  action: string;
  /** Why it cannot be tried just now. */
  blocked?: string | null;
  texts: { label: string; title: string; effect: string; running: string; failed: string; again: string };
  /** The mutation that tries it, and what has become of its last run. */
  trial: { isPending: boolean; error: unknown; data: T | undefined };
  run: () => void;
  outcome: (of: T) => ReactNode;
}

/** A button that tries an address that is called, in a dialog that shows what came of it and tries again. */
export function TryOut<T>({ permission, action, blocked, texts, trial, run, outcome }: TryOutProps<T>) {
  const close = useTranslations("confirm")("close");
  const [opened, setOpened] = useState(false);
  useOpenerFocus(opened);
  const { isPending, error, data } = trial;

  return (
    <>
      <GatedButton
        permission={permission}
        blocked={blocked}
        data-action={action}
        size="xs"
        variant="default"
        leftSection={<IconPlugConnected size={16} aria-hidden />}
        onClick={() => {
          setOpened(true);
          run();
        }}
      >
        {texts.label}
      </GatedButton>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title={texts.title}
        closeButtonProps={{ "aria-label": close }}
        size="xl"
        centered
      >
        <Stack gap="md" aria-live="polite" aria-busy={isPending}>
          <Text size="sm">{texts.effect}</Text>
          {isPending && (
            <Group gap="xs">
              <Loader size="xs" aria-hidden />
              <Text size="sm">{texts.running}</Text>
            </Group>
          )}
          {error !== null && !isPending && (
            <Alert color="red" icon={<IconCloudOff aria-hidden />} title={texts.failed}>
              <ErrorText error={error} />
            </Alert>
          )}
          {data !== undefined && !isPending && outcome(data)}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={() => setOpened(false)}>
              {close}
            </Button>
            <Button onClick={run} loading={isPending}>
              {texts.again}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
