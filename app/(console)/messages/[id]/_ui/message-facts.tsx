"use client";
import { Anchor } from "@mantine/core";
import { useFormatter, useTranslations } from "next-intl";
import Link from "next/link";
import type { ReactNode } from "react";
import { AHEAD_SHOWN } from "./ahead-shown.ts";
import { CopyValue } from "../../../../_ui/copy-value.tsx";
import { Fact, Facts } from "../../../../_ui/facts.tsx";
import { useMay } from "../../../../_ui/operator-context.tsx";
import { Section } from "../../../../_ui/section.tsx";
import { useMeasures } from "../../../../_ui/use-measures.ts";
import type { Message } from "./message-type.ts";
import { traceIdOf } from "./trace-id.ts";

/** What the producer said, which way it goes, and where the broker put it. Offsets keep every digit. */
export function MessageFacts({ message }: { message: Message }) {
  const t = useTranslations("message");
  const { size } = useMeasures();
  const registry = useMay("registry.read");
  const inBroker = message.brokerPartition !== null;
  const traceId = message.traceparent === null ? null : traceIdOf(message.traceparent);
  const facts: [name: string, value: ReactNode, copy?: string | null][] = [
    [t("app"), <PlaceLink key="app" href={registry ? `/apps/${message.app}` : null} text={message.app} />],
    [
      t("topic"),
      <PlaceLink key="topic" href={registry ? `/topics/${message.topic}` : null} text={message.topic} />,
    ],
    [t("type"), message.type],
    [t("key"), message.key, message.key],
    [t("businessKey"), message.businessKey, message.businessKey],
    [t("contentType"), message.contentType],
    [t("size"), size(message.payloadBytes)],
    [
      t("traceId"),
      traceId && (
        <span key="trace" className="mono">
          {traceId}
        </span>
      ),
      traceId,
    ],
    [t("traceparent"), traceId === null ? message.traceparent : null, message.traceparent],
    [t("lane"), <LaneOf key="lane" message={message} />],
    [t("attempt"), message.attempt > 1 ? String(message.attempt) : null],
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
                {copy && <CopyValue value={copy} what={name} />}
              </Fact>
            ),
        )}
      </Facts>
    </Section>
  );
}

function PlaceLink({ href, text }: { href: string | null; text: string }) {
  if (href === null) return text;
  return (
    <Anchor component={Link} href={href} inherit>
      {text}
    </Anchor>
  );
}

/** The lane, who has it, and how many go before. */
function LaneOf({ message }: { message: Message }) {
  const t = useTranslations("message");
  const format = useFormatter();
  const mayFollow = useMay("worker.read");
  const owner = message.laneOwner ?? t("laneNobody");
  const { ahead } = message;
  const many = ahead !== null && ahead >= AHEAD_SHOWN;
  return (
    <>
      <PlaceLink href={mayFollow ? "/workers" : null} text={t("laneOf", { lane: message.lane, owner })} />
      {ahead !== null && (
        <>
          {" · "}
          {many ? t("aheadMany", { count: format.number(AHEAD_SHOWN) }) : t("ahead", { count: ahead })}
        </>
      )}
    </>
  );
}
