"use client";
import { useTranslations } from "next-intl";
import { CopyValue } from "../../../../_ui/copy-value.tsx";
import { Section } from "../../../../_ui/section.tsx";
import { useMeasures } from "../../../../_ui/use-measures.ts";
import classes from "./message-facts.module.css";
import type { Message } from "./timeline-entries.ts";

/** What the producer said, and where the broker put it. Offsets keep every digit. */
export function MessageFacts({ message }: { message: Message }) {
  const t = useTranslations("message");
  const { size } = useMeasures();
  const inBroker = message.brokerPartition !== null;
  const facts: [name: string, value: string | null, copy?: boolean][] = [
    [t("app"), message.app],
    [t("topic"), message.topic],
    [t("type"), message.type],
    [t("key"), message.key, true],
    [t("businessKey"), message.businessKey, true],
    [t("contentType"), message.contentType],
    [t("size"), size(message.payloadBytes)],
    [t("lane"), String(message.lane)],
    [t("traceparent"), message.traceparent, true],
    [t("partition"), inBroker ? String(message.brokerPartition) : null],
    [t("offset"), inBroker ? (message.brokerOffset?.toString() ?? t("offsetUnknown")) : null],
  ];
  return (
    <Section title={t("facts")}>
      <dl className={classes.facts}>
        {facts.map(
          ([name, value, copy]) =>
            value !== null && (
              <div key={name} className={classes.fact}>
                <dt>{name}</dt>
                <dd>
                  <span>{value}</span>
                  {copy && <CopyValue value={value} what={name} />}
                </dd>
              </div>
            ),
        )}
        {!inBroker && (
          <div className={classes.fact}>
            <dt>{t("broker")}</dt>
            <dd>{t("notInBroker")}</dd>
          </div>
        )}
      </dl>
    </Section>
  );
}
