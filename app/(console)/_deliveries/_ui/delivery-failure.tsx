"use client";
import { Alert, Anchor, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconSkull } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import Link from "next/link";
import type { DeliveryDetail } from "./delivery-shape.ts";
import { FoldedText } from "./folded-text.tsx";

/** Why a delivery failed last, in the consumer's own words, and which others failed alike. */
export function DeliveryFailure({ delivery }: { delivery: DeliveryDetail }) {
  const t = useTranslations("deliveries");
  const { state, error, reason, group } = delivery;
  const failed = delivery.attempts.findLast((attempt) => attempt.errorType !== null);
  const dead = state === "DEAD";
  if (error === null && reason === null) return null;
  return (
    <Alert
      color={dead ? "red" : "orange"}
      role="note"
      icon={dead ? <IconSkull aria-hidden /> : <IconAlertTriangle aria-hidden />}
      title={error?.type ?? reason}
      data-failure
    >
      <Stack gap={4}>
        {error !== null && error.message !== null && (
          <Text size="sm" className="mono" style={{ overflowWrap: "anywhere" }}>
            {error.message}
          </Text>
        )}
        {error !== null && reason !== null && (
          <Text size="sm" c="dimmed" lang="en">
            {reason}
          </Text>
        )}
        {failed !== undefined && failed.errorStack !== null && (
          <FoldedText
            text={failed.errorStack}
            title={t("stack")}
            label={t("unfold", { what: t("stack"), attempt: failed.attempt })}
          />
        )}
        {group !== null && (
          <Anchor component={Link} href={`/failures/${group.id}`} size="sm" w="fit-content">
            {t("alike")}
          </Anchor>
        )}
      </Stack>
    </Alert>
  );
}
