"use client";
import { Text, UnstyledButton } from "@mantine/core";
import { useTranslations } from "next-intl";
import { Section } from "../../../_ui/section.tsx";
import classes from "./search-help.module.css";
import type { Names } from "./suggest-terms.ts";

/** What can be asked, each kind with an example that can be run. */
export function SearchHelp({ names, run }: { names: Names; run: (query: string) => void }) {
  const t = useTranslations("search");
  const topic = names.topics[0]?.name ?? "orders.created";
  const app = names.apps[0] ?? "orders";
  const examples = [
    { name: "word", query: "o-17" },
    { name: "prefix", query: "id:0193a000" },
    { name: "scope", query: `topic:${topic} app:${app} last:2h` },
    { name: "stuck", query: "state:UNDECIDED,REJECTED" },
    { name: "payload", query: `topic:${topic} last:24h payload.customer.id=42` },
    { name: "text", query: `topic:${topic} payload.customer.id="42"` },
    { name: "path", query: `last:24h payload.items[0]["unit price"]=9.90` },
  ] as const;
  return (
    <Section title={t("help.title")}>
      <ul className={classes.examples}>
        {examples.map(({ name, query }) => (
          <li key={name}>
            <UnstyledButton className={classes.example} onClick={() => run(query)}>
              <code className={classes.query}>{query}</code>
              <Text span size="sm" c="dimmed">
                {t(`help.${name}`)}
              </Text>
            </UnstyledButton>
          </li>
        ))}
      </ul>
      <Text size="sm" c="dimmed" mt="sm" maw="60rem">
        {t("help.note")}
      </Text>
    </Section>
  );
}
