"use client";
import { Alert, Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { IconAlertTriangle, IconCloudOff } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { type FormEvent, type ReactNode, useState } from "react";
import { CopyAsCurl } from "./copy-as-curl.tsx";
import { ErrorText } from "./error-text.tsx";
import type { CurlRequest } from "./format-curl.ts";

/** A reason shorter than this says nothing, characters. */
export const MIN_REASON = 3;
const MAX_REASON = 500;

export interface ConfirmFormProps {
  /** What exactly will happen. */
  effect: ReactNode;
  /** To how many. */
  count?: number;
  /** What it may break. */
  warning?: ReactNode;
  reason: "required" | "optional" | "none";
  confirmLabel: string;
  /** In place of "Cancel", where that is what the dialog itself is about. */
  dismissLabel?: string;
  /** It cannot be taken back. */
  danger?: boolean;
  /** Why it cannot be confirmed as the fields stand. */
  blocked?: string | null;
  /** Called with the trimmed reason, "" without. Rejecting keeps the dialog open. */
  onConfirm: (reason: string) => Promise<void>;
  /** The same action as a call of the HTTP API. */
  curl?: CurlRequest;
  children?: ReactNode;
  onBusy: (busy: boolean) => void;
  onCancel: () => void;
  onDone: () => void;
}

export function ConfirmForm(props: ConfirmFormProps) {
  const t = useTranslations("confirm");
  const [reason, setReason] = useState("");
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const said = reason.trim();
  const short =
    props.reason === "required" ? said.length < MIN_REASON : said.length > 0 && said.length < MIN_REASON;
  const tooShort = props.reason !== "none" && short;

  async function confirm(event: FormEvent) {
    event.preventDefault();
    event.stopPropagation();
    setAsked(true);
    if (busy || tooShort || props.blocked) return;
    setBusy(true);
    props.onBusy(true);
    setFailure(null);
    try {
      await props.onConfirm(said);
      props.onBusy(false);
      props.onDone();
    } catch (error) {
      setFailure(error);
      setBusy(false);
      props.onBusy(false);
    }
  }

  return (
    <form onSubmit={(event) => void confirm(event)} noValidate>
      <Stack gap="md">
        <Text component="div" size="sm">
          {props.effect}
        </Text>
        {props.count !== undefined && (
          <Text size="sm" fw={600}>
            {t("count", { count: props.count })}
          </Text>
        )}
        {props.warning !== undefined && props.warning !== null && (
          <Alert color={props.danger ? "red" : "orange"} icon={<IconAlertTriangle aria-hidden />}>
            {props.warning}
          </Alert>
        )}
        {props.children}
        {props.reason !== "none" && (
          <Textarea
            label={t("reason")}
            description={t(props.reason === "required" ? "reasonHint" : "reasonHintOptional")}
            withAsterisk={props.reason === "required"}
            required={props.reason === "required"}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            error={asked && tooShort ? t("reasonShort", { count: MIN_REASON }) : undefined}
            maxLength={MAX_REASON}
            autosize
            minRows={2}
            maxRows={6}
            data-autofocus={!props.children || undefined}
          />
        )}
        {failure !== null && (
          <Alert color="red" icon={<IconCloudOff aria-hidden />} title={t("failed")} role="alert">
            <ErrorText error={failure} />
          </Alert>
        )}
        {props.blocked && (
          <Text size="sm" c="dimmed">
            {props.blocked}
          </Text>
        )}
        <Group justify="space-between" gap="sm">
          <div>{props.curl && <CopyAsCurl request={props.curl} />}</div>
          <Group gap="sm">
            <Button variant="default" onClick={props.onCancel} disabled={busy}>
              {props.dismissLabel ?? t("cancel")}
            </Button>
            <Button
              type="submit"
              color={props.danger ? "red" : undefined}
              loading={busy}
              disabled={Boolean(props.blocked)}
            >
              {props.confirmLabel}
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}
