"use client";
import { IconBellOff, IconNote } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { StatusBadge } from "../../../_ui/status-badge.tsx";
import type { FailureGroup } from "./failure-shape.ts";

/** What operators said of a group: that it is ignored, and until which rate; that there is a note. */
export function GroupMarks({ group }: { group: FailureGroup }) {
  const t = useTranslations("failures");
  const { ignored, ignoredAt, ignoredBy, ignoreUntilPerMinute, note } = group;
  return (
    <>
      {ignored && (
        <StatusBadge
          tone="idle"
          icon={IconBellOff}
          label={t("ignored")}
          hint={t("ignoredHint", {
            by: ignoredBy ?? "?",
            until: ignoreUntilPerMinute === null ? "no" : "yes",
            rate: ignoreUntilPerMinute ?? 0,
          })}
        />
      )}
      {!ignored && ignoredAt !== null && (
        <StatusBadge tone="warn" icon={IconBellOff} label={t("ignoredOver")} hint={t("ignoredOverHint")} />
      )}
      {note !== null && <StatusBadge tone="info" icon={IconNote} label={t("noted")} hint={note} />}
    </>
  );
}
