"use client";
import { Alert, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { ConfirmForm } from "../../../_ui/confirm-form.tsx";
import { useOpenerFocus } from "../../../_ui/use-opener-focus.ts";
import { CodeText } from "./code-text.tsx";

export interface ShownSecret {
  secret: string;
  version: number;
  /** Until then the one before counts, too. */
  overlapsUntil: Date | null;
}

export type SecretRotation =
  | { kind: "rotated"; secret: ShownSecret }
  /** Somebody else was first; nothing was changed. */
  | { kind: "changed_meanwhile"; version: number };

export interface SecretTexts {
  title: string;
  effect: string;
  warning: string | undefined;
  confirm: string;
  /** What the secret is called. */
  name: string;
  shown: (version: number) => string;
  overlaps: (until: Date) => ReactNode;
  meanwhile: (version: number) => string;
}

interface SecretDialogProps {
  wish: "show" | "rotate";
  texts: SecretTexts;
  opened: boolean;
  onClose: () => void;
  /** Neither a query's cache nor a mutation's state may keep what it returns. */
  show: (reason: string) => Promise<ShownSecret>;
  rotate: (reason: string) => Promise<SecretRotation>;
}

/** Shows a signing secret, or replaces it and shows the new one. It is forgotten when the dialog closes. */
export function SecretDialog({ wish, texts, opened, onClose, show, rotate }: SecretDialogProps) {
  const confirm = useTranslations("confirm");
  const [busy, setBusy] = useState(false);
  const [shown, setShown] = useState<ShownSecret | null>(null);
  const [lost, setLost] = useState<number | null>(null);
  useOpenerFocus(opened);

  function close() {
    setShown(null);
    setLost(null);
    onClose();
  }

  async function run(reason: string) {
    if (wish === "show") return setShown(await show(reason));
    const result = await rotate(reason);
    if (result.kind === "rotated") setShown(result.secret);
    else setLost(result.version);
  }

  return (
    <Modal
      opened={opened}
      onClose={busy ? () => undefined : close}
      title={texts.title}
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": confirm("close"), disabled: busy }}
      size="lg"
      centered
    >
      {shown === null && lost === null ? (
        <ConfirmForm
          effect={texts.effect}
          warning={texts.warning}
          reason="required"
          confirmLabel={texts.confirm}
          danger={wish === "rotate"}
          onConfirm={run}
          onBusy={setBusy}
          onCancel={close}
          onDone={() => undefined}
        />
      ) : (
        <Stack gap="md">
          {lost !== null && (
            <Alert color="orange" role="alert" icon={<IconAlertTriangle aria-hidden />}>
              {texts.meanwhile(lost)}
            </Alert>
          )}
          {shown !== null && (
            <>
              <Text size="sm">{texts.shown(shown.version)}</Text>
              <div data-secret>
                <CodeText text={shown.secret} what={texts.name} />
              </div>
              {shown.overlapsUntil !== null && (
                <Text size="sm" c="dimmed">
                  {texts.overlaps(shown.overlapsUntil)}
                </Text>
              )}
            </>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close} data-autofocus>
              {confirm("close")}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
