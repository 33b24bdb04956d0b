"use client";
import { useTranslations } from "next-intl";
import { Section } from "../../../../_ui/section.tsx";
import { TimeAxis } from "../../../../_ui/time-axis.tsx";
import { entryLook } from "./entry-look.ts";
import { useEntryWords } from "./use-entry-words.tsx";
import type { Message } from "./message-type.ts";
import { isFuture, timelineEntries } from "./timeline-entries.ts";

/** Everything that happened to a message and everything that is still due, on one axis. */
export function MessageTimes({ message }: { message: Message }) {
  const t = useTranslations("message");
  const words = useEntryWords(message);
  const entries = timelineEntries(message).map((entry) => ({
    key: entry.key,
    at: entry.at,
    ...entryLook(entry),
    ...words(entry),
    future: isFuture(entry),
  }));
  return (
    <Section title={t("times")}>
      <TimeAxis entries={entries} />
    </Section>
  );
}
