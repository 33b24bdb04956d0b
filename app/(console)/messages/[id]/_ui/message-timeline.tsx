"use client";
import { useTranslations } from "next-intl";
import { Moment } from "../../../../_ui/moment.tsx";
import { Section } from "../../../../_ui/section.tsx";
import { useMeasures } from "../../../../_ui/use-measures.ts";
import classes from "./message-timeline.module.css";
import { type Message, type TimelineEntry, timelineEntries } from "./timeline-entries.ts";

const STILL_DUE = new Set(["checkDue", "deliverDue"]);

/** A message's life, one step under the other, with the time between. */
export function MessageTimeline({ message }: { message: Message }) {
  const t = useTranslations("message");
  return (
    <Section title={t("times")}>
      <ol className={classes.axis}>
        {timelineEntries(message).map((entry, index) => (
          <Step key={index} entry={entry} />
        ))}
      </ol>
    </Section>
  );
}

function Step({ entry }: { entry: TimelineEntry }) {
  const t = useTranslations("message");
  const { duration } = useMeasures();
  return (
    <li className={classes.step} data-kind={entry.kind} data-due={STILL_DUE.has(entry.kind) || undefined}>
      <span className={classes.what}>
        {entry.kind === "event" ? `${entry.event!.kind} · ${entry.event!.actor}` : t(entry.kind)}{" "}
        {entry.by !== null && t(`by.${entry.by}`)}
      </span>
      <span className={classes.when}>
        <Moment value={entry.at} milliseconds />
        {entry.after !== null && ` · ${t("after", { duration: duration(entry.after) })}`}
      </span>
      {entry.event?.detail != null && (
        <code className={classes.detail}>{JSON.stringify(entry.event.detail)}</code>
      )}
    </li>
  );
}
