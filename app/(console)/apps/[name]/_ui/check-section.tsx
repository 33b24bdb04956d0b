"use client";
import { Group, Stack, Text } from "@mantine/core";
import { useFormatter, useTranslations } from "next-intl";
import { CHECK_DEFAULTS, CHECK_FIELDS } from "@/server/domain/check-policy.ts";
import { CopyValue } from "../../../../_ui/copy-value.tsx";
import { Dimmed } from "../../../../_ui/dimmed.tsx";
import { Fact, Facts } from "../../../../_ui/facts.tsx";
import { Section } from "../../../../_ui/section.tsx";
import classes from "../../../_registry/_ui/columns.module.css";
import { CheckSchedule } from "../../_ui/check-schedule.tsx";
import type { AppDetail } from "./app-detail.ts";
import { AppSecret } from "./app-secret.tsx";
import { BreakerFacts } from "./breaker-facts.tsx";
import { TestCheckUrl } from "./test-check-url.tsx";

/** How the app is asked what became of its prepared messages, whether it can be, and what it verifies the question with. */
export function CheckSection({ app }: { app: AppDetail }) {
  const t = useTranslations("apps");
  const format = useFormatter();
  const { checkUrl, checkAfterSeconds, check } = app;
  return (
    <Section title={t("checks")} aside={<TestCheckUrl app={app} />}>
      <Stack gap="md">
        <div className={classes.columns}>
          <Facts>
            <Fact name={t("checkUrl")}>
              {checkUrl === null ? (
                <Dimmed>{t("checkUrlUnset")}</Dimmed>
              ) : (
                <Group gap={4} wrap="nowrap">
                  <span className="mono" style={{ overflowWrap: "anywhere" }}>
                    {checkUrl}
                  </span>
                  <CopyValue value={checkUrl} what={t("checkUrl")} />
                </Group>
              )}
            </Fact>
            <BreakerFacts app={app} />
            <AppSecret app={app} />
          </Facts>
          <Facts>
            <Fact name={t("checkAfter")}>
              {checkAfterSeconds === null ? (
                <Dimmed>{t("checkAfterUnset")}</Dimmed>
              ) : (
                t("checkAfterValue", { count: checkAfterSeconds })
              )}
            </Fact>
            {CHECK_FIELDS.map((field) => (
              <Fact key={field} name={t(`policy.${field}`)}>
                {check[field] === null ? (
                  <Dimmed>{t("policy.default", { value: CHECK_DEFAULTS[field] })}</Dimmed>
                ) : (
                  format.number(check[field])
                )}
              </Fact>
            ))}
          </Facts>
        </div>
        {checkUrl === null ? (
          <Text size="sm" c="dimmed">
            {t("checkUrlNone")}
          </Text>
        ) : (
          <CheckSchedule check={check} afterSeconds={checkAfterSeconds} />
        )}
      </Stack>
    </Section>
  );
}
