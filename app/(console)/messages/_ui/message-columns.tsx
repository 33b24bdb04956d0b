"use client";
import { Text, VisuallyHidden } from "@mantine/core";
import { IconPlayerPause } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useMemo } from "react";
import type { Column } from "../../../_table/column.ts";
import { Age } from "../../../_ui/age.tsx";
import { Dimmed } from "../../../_ui/dimmed.tsx";
import { MessageStateBadge } from "../../../_ui/message-state-badge.tsx";
import { Moment } from "../../../_ui/moment.tsx";
import { useMeasures } from "../../../_ui/use-measures.ts";
import type { MessageListItem } from "./message-list-item.ts";

/** The columns of the list. What a message does not have shows as a dash. */
export function useMessageColumns(): Column<MessageListItem>[] {
  const t = useTranslations("messages");
  const { duration, size } = useMeasures();
  const none = t("none");
  return useMemo(() => {
    const or = (value: ReactNode) => value ?? <None text={none} />;
    const moment = (value: Date | null) => or(value && <Moment value={value} />);
    return [
      {
        id: "state",
        header: t("columns.state"),
        cell: (m) => <State message={m} />,
        width: "minmax(6.6rem, max-content)",
        fixed: true,
        narrow: "badge",
      },
      {
        id: "id",
        header: t("columns.id"),
        cell: (m) => m.id,
        width: "minmax(9rem, 17.5rem)",
        mono: true,
        fixed: true,
        narrow: "title",
      },
      { id: "topic", header: t("columns.topic"), cell: (m) => m.topic, width: "minmax(6rem, 1.4fr)" },
      { id: "type", header: t("columns.type"), cell: (m) => or(m.type), optional: true },
      {
        id: "key",
        header: t("columns.key"),
        cell: (m) => or(m.key),
        width: "minmax(4rem, 1fr)",
        mono: true,
      },
      {
        id: "businessKey",
        header: t("columns.businessKey"),
        cell: (m) => or(m.businessKey),
        width: "minmax(5rem, 1.2fr)",
        mono: true,
      },
      { id: "app", header: t("columns.app"), cell: (m) => m.app, width: "minmax(4rem, 0.8fr)" },
      {
        id: "reason",
        header: t("columns.reason"),
        cell: (m) => or(m.reason),
        width: "minmax(8rem, 2fr)",
        optional: true,
      },
      {
        id: "lane",
        header: t("columns.lane"),
        cell: (m) => m.lane,
        width: "3.5rem",
        align: "end",
        optional: true,
      },
      {
        id: "size",
        header: t("columns.size"),
        cell: (m) => size(m.payloadBytes),
        width: "5.5rem",
        align: "end",
        optional: true,
      },
      {
        id: "due",
        header: t("columns.due"),
        cell: (m) =>
          moment(m.state === "PREPARED" ? m.checkAt : m.state === "SCHEDULED" ? m.deliverAt : null),
        width: "10rem",
        optional: true,
      },
      {
        id: "sent",
        header: t("columns.sent"),
        cell: (m) => moment(m.sentAt),
        width: "10rem",
        optional: true,
      },
      {
        id: "took",
        header: t("columns.took"),
        cell: (m) => or(m.sentAt && duration(m.sentAt.getTime() - m.storedAt.getTime())),
        width: "6rem",
        align: "end",
        optional: true,
      },
      {
        id: "stored",
        header: t("columns.stored"),
        cell: (m) => <Moment value={m.storedAt} />,
        width: "10rem",
        sorted: "descending",
        // The card says the age, and the moment on hover or in the panel.
        narrow: "hidden",
      },
      {
        id: "age",
        header: t("columns.age"),
        cell: (m) => <Age at={m.storedAt} />,
        width: "4.5rem",
        align: "end",
      },
    ];
  }, [t, none, duration, size]);
}

function None({ text }: { text: string }) {
  return (
    <Dimmed>
      <span aria-hidden>–</span>
      <VisuallyHidden>{text}</VisuallyHidden>
    </Dimmed>
  );
}

function State({ message }: { message: MessageListItem }) {
  const t = useTranslations("messages");
  return (
    <>
      <MessageStateBadge state={message.state} />
      {message.heldAt !== null && (
        <Text span fz="xs" ms={6} c="var(--state-UNDECIDED-ink)" title={t("heldHint")}>
          <IconPlayerPause size={12} aria-hidden style={{ verticalAlign: -1 }} /> {t("held")}
        </Text>
      )}
    </>
  );
}
