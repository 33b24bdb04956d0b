"use client";
import { Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import { Fact, Facts } from "../../../../_ui/facts.tsx";
import { Section } from "../../../../_ui/section.tsx";

/** The message's own headers, by name. */
export function MessageHeaders({ headers }: { headers: Record<string, string> }) {
  const t = useTranslations("message");
  const entries = Object.entries(headers);
  return (
    <Section title={t("headers")}>
      {entries.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t("noHeaders")}
        </Text>
      ) : (
        <Facts>
          {entries.map(([name, value]) => (
            <Fact key={name} name={name} mono>
              {value}
            </Fact>
          ))}
        </Facts>
      )}
    </Section>
  );
}
