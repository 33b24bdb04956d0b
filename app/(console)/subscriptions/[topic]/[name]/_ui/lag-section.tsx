"use client";
import { Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import { Age } from "../../../../../_ui/age.tsx";
import { Dimmed } from "../../../../../_ui/dimmed.tsx";
import { Section } from "../../../../../_ui/section.tsx";
import { PlainTable } from "../../../../_registry/_ui/plain-table.tsx";
import { LagCount } from "../../../_ui/lag-count.tsx";
import type { SubscriptionDetail } from "../../../_ui/subscription-shape.ts";

/** Where the group stands in each partition of its topic, and of its retry topic. Offsets keep every digit. */
export function LagSection({ subscription }: { subscription: SubscriptionDetail }) {
  const t = useTranslations("subscriptions");
  const { progress } = subscription;
  return (
    <Section title={t("lagTitle")} aside={<code>{subscription.groupId}</code>}>
      {progress.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t("lagNone")}
        </Text>
      ) : (
        <PlainTable
          caption={t("lagTitle")}
          rows={progress}
          rowKey={({ retry, partition }) => `${retry} ${partition}`}
          columns={[
            {
              id: "partition",
              header: t("lagColumns.partition"),
              cell: ({ retry, partition }) =>
                retry ? t("lagColumns.retry", { partition }) : String(partition),
            },
            {
              id: "committed",
              header: t("lagColumns.committed"),
              align: "end",
              cell: ({ committed }) => committed ?? <Dimmed>{t("uncommitted")}</Dimmed>,
            },
            { id: "end", header: t("lagColumns.end"), align: "end", cell: ({ endOffset }) => endOffset },
            {
              id: "lag",
              header: t("lagColumns.lag"),
              align: "end",
              cell: ({ committed, endOffset }) => (
                <LagCount
                  lag={committed === null ? null : Math.max(0, Number(BigInt(endOffset) - BigInt(committed)))}
                />
              ),
            },
            {
              id: "moved",
              header: t("lagColumns.moved"),
              align: "end",
              cell: ({ movedAt }) => <Age at={movedAt} />,
            },
          ]}
        />
      )}
    </Section>
  );
}
