"use client";
import { VisuallyHidden } from "@mantine/core";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { useSearchParams } from "next/navigation";
import { MessageStateBadge } from "../../../_ui/message-state-badge.tsx";
import { Moment } from "../../../_ui/moment.tsx";
import { useMeasures } from "../../../_ui/use-measures.ts";
import classes from "./message-table.module.css";
import type { MessageListItem } from "./use-message-list.ts";

/** One message; the whole row opens it, and the way back keeps the filter. */
export function MessageTableRow({ row, now }: { row: MessageListItem; now: Date }) {
  const t = useTranslations("messages");
  const { duration } = useMeasures();
  const filter = useSearchParams().toString();
  const none = (
    <span className={classes.none}>
      <VisuallyHidden>{t("none")}</VisuallyHidden>
    </span>
  );
  return (
    <tr>
      <td className={classes.state}>
        <MessageStateBadge state={row.state} />
        {row.heldAt !== null && (
          <span className={classes.held} title={t("heldHint")}>
            {t("held")}
          </span>
        )}
      </td>
      <td className={classes.id}>
        <Link href={`/messages/${row.id}${filter && `?${filter}`}`} className={classes.link} prefetch={false}>
          {row.id}
        </Link>
      </td>
      <td data-label={t("columns.topic")}>{row.topic}</td>
      <td data-label={t("columns.key")}>{row.key ?? none}</td>
      <td data-label={t("columns.businessKey")}>{row.businessKey ?? none}</td>
      <td data-label={t("columns.app")}>{row.app}</td>
      <td data-label={t("columns.stored")} className={classes.time}>
        <Moment value={row.storedAt} />
      </td>
      <td data-label={t("columns.age")} className={classes.age}>
        {duration(now.getTime() - row.storedAt.getTime())}
      </td>
    </tr>
  );
}
