"use client";
import { Alert, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useTRPC } from "../../../../_trpc/client.ts";
import { ConfirmForm } from "../../../../_ui/confirm-form.tsx";
import { Moment } from "../../../../_ui/moment.tsx";
import { useOpenerFocus } from "../../../../_ui/use-opener-focus.ts";
import { CodeText } from "../../../_registry/_ui/code-text.tsx";
import type { AppDetail } from "./app-detail.ts";

interface SecretDialogProps {
  app: AppDetail;
  wish: "show" | "rotate";
  opened: boolean;
  onClose: () => void;
}

interface Shown {
  secret: string;
  version: number;
  overlapsUntil: Date | null;
}

/** Shows an app's signing secret, or gives it a new one and shows that. It is forgotten when the dialog closes. */
export function SecretDialog({ app, wish, opened, onClose }: SecretDialogProps) {
  const t = useTranslations("apps.secret");
  const confirm = useTranslations("confirm");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [shown, setShown] = useState<Shown | null>(null);
  const [lost, setLost] = useState<number | null>(null);
  /** What was replaced is what was there when the dialog was opened. */
  const [seen] = useState(app.secretVersion);
  useOpenerFocus(opened);
  // Neither the query cache nor the mutation's own state keeps the secret.
  const show = useMutation(trpc.apps.showSecret.mutationOptions({ gcTime: 0 }));
  const rotate = useMutation(trpc.apps.rotateSecret.mutationOptions({ gcTime: 0 }));
  const { name } = app;

  function close() {
    setShown(null);
    setLost(null);
    show.reset();
    rotate.reset();
    onClose();
  }

  async function run(reason: string) {
    if (wish === "show") return setShown(await show.mutateAsync({ name, reason }));
    const result = await rotate.mutateAsync({ name, seen, reason });
    await queries.invalidateQueries(trpc.apps.pathFilter());
    if (result.kind === "rotated") setShown(result.secret);
    else setLost(result.version);
  }

  return (
    <Modal
      opened={opened}
      onClose={busy ? () => undefined : close}
      title={t(`${wish}Title`, { name })}
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": confirm("close"), disabled: busy }}
      size="lg"
      centered
    >
      {shown === null && lost === null ? (
        <ConfirmForm
          effect={t(`${wish}Effect`, { name })}
          warning={wish === "rotate" ? t("rotateWarning") : undefined}
          reason="required"
          confirmLabel={t(`${wish}Do`)}
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
              {t("meanwhile", { version: lost })}
            </Alert>
          )}
          {shown !== null && (
            <>
              <Text size="sm">{t("shown", { name, version: shown.version })}</Text>
              <div data-secret>
                <CodeText text={shown.secret} what={t("name")} />
              </div>
              {shown.overlapsUntil !== null && (
                <Text size="sm" c="dimmed">
                  {t.rich("overlaps", { until: () => <Moment value={shown.overlapsUntil!} /> })}
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
