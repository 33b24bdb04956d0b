"use client";
import { Button, Group, Stack } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { ANY_DELIVERY } from "@/server/domain/delivery-scope.ts";
import { CappedCount } from "../../../../_table/capped-count.tsx";
import { Fact, Facts } from "../../../../_ui/facts.tsx";
import { Section } from "../../../../_ui/section.tsx";
import { ActOnAll } from "../../../_deliveries/_ui/act-on-all.tsx";
import { deadLettersHref } from "../../../dead-letters/dead-letters-href.ts";
import type { FailureDetail } from "../../_ui/failure-shape.ts";

/** How many deliveries a group holds back, the way to them, and what can be done with all of them at once. */
export function GroupDeliveries({ group }: { group: FailureDetail }) {
  const t = useTranslations("failures.deliveries");
  const filter = { ...ANY_DELIVERY, states: ["DEAD" as const], groupId: group.id };
  return (
    <Section title={t("title")}>
      <Stack gap="sm">
        <Facts>
          <Fact name={t("dead")}>
            <CappedCount {...group.dead} />
          </Fact>
          <Fact name={t("waiting")}>
            <CappedCount {...group.waiting} />
          </Fact>
        </Facts>
        <Group gap="xs">
          <ActOnAll
            verb="redrive"
            filter={filter}
            {...group.dead}
            label={(count) => t("redriveAll", { count })}
          />
          <ActOnAll
            verb="discard"
            filter={filter}
            {...group.dead}
            label={(count) => t("discardAll", { count })}
          />
        </Group>
        <Group gap="xs">
          <Button
            component={Link}
            href={deadLettersHref({ group: group.id })}
            size="xs"
            variant="subtle"
            rightSection={<IconArrowRight size={15} aria-hidden />}
          >
            {t("show")}
          </Button>
          {group.waiting.count > 0 && (
            <Button
              component={Link}
              href={deadLettersHref({ group: group.id, state: "WAITING" })}
              size="xs"
              variant="subtle"
              rightSection={<IconArrowRight size={15} aria-hidden />}
            >
              {t("showWaiting")}
            </Button>
          )}
        </Group>
      </Stack>
    </Section>
  );
}
