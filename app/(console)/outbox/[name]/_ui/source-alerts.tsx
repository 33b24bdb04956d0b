"use client";
import { Alert, Code, Stack, Text } from "@mantine/core";
import { IconPlayerPause, IconPlugConnectedX, IconUserOff } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { agePart } from "../../../../_ui/rich-parts.tsx";
import type { ConnectionTest, SourceDetail } from "../../_ui/source-shape.ts";

type FaultCode = Extract<ConnectionTest, { kind: "fault" }>["code"];

const KNOWN = [
  "unset",
  "bad_address",
  "unreachable",
  "sign_in",
  "no_database",
  "no_table",
  "wrong_columns",
  "forbidden",
  "too_many_refused",
  "failed",
] as const satisfies readonly FaultCode[];

/** What keeps a source from being collected, since when, and who can change that. */
export function SourceAlerts({ source }: { source: SourceDetail }) {
  const t = useTranslations("outbox");
  const { pausedAt, pausedBy, pauseReason, faultCode, faultSince, faultDetail, standing } = source;
  if (pausedAt !== null)
    return (
      <Alert
        color="orange"
        role="note"
        icon={<IconPlayerPause aria-hidden />}
        title={t.rich("pausedTitle", { by: pausedBy ?? "?", age: agePart(pausedAt) })}
      >
        {pauseReason !== null && <div>{t("because", { reason: pauseReason })}</div>}
        <div>{t("pausedHeld")}</div>
      </Alert>
    );
  if (standing === "unowned")
    return (
      <Alert color="red" role="note" icon={<IconUserOff aria-hidden />} title={t("unownedTitle")}>
        {t("unownedText")}
      </Alert>
    );
  if (faultCode === null || faultSince === null) return null;
  const code = KNOWN.find((known) => known === faultCode) ?? "failed";
  return (
    <Alert
      color="red"
      role="note"
      icon={<IconPlugConnectedX aria-hidden />}
      title={t.rich("faultTitle", { age: agePart(faultSince) })}
    >
      <Stack gap="xs">
        <Text size="sm" fw={600}>
          {t(`test.todo.${code}`)}
        </Text>
        {faultDetail !== null && (
          <Code block lang="en">
            {faultDetail}
          </Code>
        )}
      </Stack>
    </Alert>
  );
}
