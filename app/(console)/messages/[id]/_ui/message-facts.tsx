"use client";
import { useTranslations } from "next-intl";
import { CopyValue } from "../../../../_ui/copy-value.tsx";
import { Fact, Facts } from "../../../../_ui/facts.tsx";
import { Section } from "../../../../_ui/section.tsx";
import { useMeasures } from "../../../../_ui/use-measures.ts";
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
    [t("broker"), inBroker ? null : t("notInBroker")],
  ];
  return (
    <Section title={t("facts")}>
      <Facts>
        {facts.map(
          ([name, value, copy]) =>
            value !== null && (
              <Fact key={name} name={name}>
                <span>{value}</span>
                {copy && <CopyValue value={value} what={name} />}
              </Fact>
            ),
        )}
      </Facts>
    </Section>
  );
}
