"use client";
import { Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import { CopyValue } from "../../../../_ui/copy-value.tsx";
import { Fact, Facts } from "../../../../_ui/facts.tsx";
import { Moment } from "../../../../_ui/moment.tsx";
import { Section } from "../../../../_ui/section.tsx";
import type { AppDetail } from "./app-detail.ts";

/** What an app declares. */
export function AppFacts({ app }: { app: AppDetail }) {
  const t = useTranslations("apps");
  const { contact, checkUrl, checkAfterSeconds } = app;
  return (
    <Section title={t("facts")}>
      <Facts>
        <Fact name={t("contact")}>{contact ?? <Unset text={t("contactUnset")} />}</Fact>
        <Fact name={t("checkUrl")}>
          {checkUrl === null ? (
            <Unset text={t("checkUrlUnset")} />
          ) : (
            <>
              <span className="mono">{checkUrl}</span>
              <CopyValue value={checkUrl} what={t("checkUrl")} />
            </>
          )}
        </Fact>
        <Fact name={t("checkAfter")}>
          {checkAfterSeconds === null ? (
            <Unset text={t("checkAfterUnset")} />
          ) : (
            t("checkAfterValue", { count: checkAfterSeconds })
          )}
        </Fact>
        <Fact name={t("created")}>
          <Moment value={app.createdAt} />
        </Fact>
        <Fact name={t("updated")}>
          <Moment value={app.updatedAt} />
        </Fact>
      </Facts>
    </Section>
  );
}

function Unset({ text }: { text: string }) {
  return (
    <Text span size="sm" c="dimmed">
      {text}
    </Text>
  );
}
