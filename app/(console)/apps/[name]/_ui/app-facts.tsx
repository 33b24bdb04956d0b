"use client";
import { useTranslations } from "next-intl";
import { Dimmed } from "../../../../_ui/dimmed.tsx";
import { Fact, Facts } from "../../../../_ui/facts.tsx";
import { Moment } from "../../../../_ui/moment.tsx";
import { Section } from "../../../../_ui/section.tsx";
import type { AppDetail } from "./app-detail.ts";

/** What an app declares. */
export function AppFacts({ app }: { app: AppDetail }) {
  const t = useTranslations("apps");
  const { contact } = app;
  return (
    <Section title={t("facts")}>
      <Facts>
        <Fact name={t("contact")}>{contact ?? <Dimmed>{t("contactUnset")}</Dimmed>}</Fact>
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
