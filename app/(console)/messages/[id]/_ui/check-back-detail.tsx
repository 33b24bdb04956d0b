"use client";
import { Group } from "@mantine/core";
import { useTranslations } from "next-intl";
import { type CheckBack, exchangeOf } from "../../../_checks/_ui/check-back-shape.ts";
import { FindingBadge } from "../../../_checks/_ui/finding-badge.tsx";
import { FoldedExchange } from "../../../_checks/_ui/folded-exchange.tsx";
import { useMeasures } from "../../../../_ui/use-measures.ts";

/** What a check-back brought, what it did, and both ends of it on request. */
export function CheckBackDetail({ asked }: { asked: CheckBack }) {
  const t = useTranslations("checkBack");
  const { duration } = useMeasures();
  const exchange = exchangeOf(asked);
  return (
    <div data-check-back={asked.outcome}>
      <Group gap="0 0.6rem">
        <FindingBadge finding={exchange.finding} />
        <span>{t(`effect.${asked.effect}`)}</span>
        <span>{t("took", { duration: duration(asked.durationMs) })}</span>
      </Group>
      <FoldedExchange exchange={exchange} what={t("checkBack", { attempt: asked.attempt })} />
    </div>
  );
}
