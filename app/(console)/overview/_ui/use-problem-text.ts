"use client";
import { useFormatter, useTranslations } from "next-intl";
import { useMeasures } from "../../../_ui/use-measures.ts";
import type { Problem } from "./overview-data.ts";

interface ProblemText {
  what: string;
  /** What it means, or what the other side said. */
  detail: string;
  /** Who can act, and how. */
  turn: string;
}

/** A problem in words. */
// oxlint-disable-next-line consistent-return -- every kind returns; the compiler holds that
export function useProblemText(problem: Problem): ProblemText {
  const t = useTranslations("overview.problem");
  const turn = useTranslations("overview.turn");
  const format = useFormatter();
  const { duration } = useMeasures();
  const lanes = (numbers: readonly number[]) =>
    t("lanes", { count: numbers.length, lanes: format.list(numbers.map(String), { type: "unit" }) });

  switch (problem.kind) {
    case "nobody_runs":
      return {
        what: t("nobodyRuns", { worker: problem.worker }),
        detail: t("nobodyRunsDetail", { worker: problem.worker }),
        turn: turn("start", { worker: problem.worker }),
      };
    case "worker_silent":
      return {
        what: t("workerSilent", { worker: problem.worker, name: problem.name }),
        detail: t("workerSilentDetail"),
        turn: turn("platform"),
      };
    case "lanes_quiet_owner":
      return {
        what: t("ownerSilent", { owner: problem.owner, lanes: lanes(problem.lanes) }),
        detail: t("ownerSilentDetail"),
        turn: turn("instance", { name: problem.owner }),
      };
    case "lanes_free":
      return {
        what: t("lanesFree", { lanes: lanes(problem.lanes) }),
        detail: t("lanesFreeDetail"),
        turn: turn("platform"),
      };
    case "lane_fault":
      return {
        what: t("laneFault", { lanes: lanes(problem.lanes) }),
        detail: problem.detail,
        turn: turn("brokerOrRelay", { name: problem.owner ?? "–" }),
      };
    case "lane_paused":
      return {
        what: t("lanePaused", { lanes: lanes(problem.lanes), by: problem.by }),
        detail: problem.reason ?? "",
        turn: turn("resume"),
      };
    case "ready_late":
      return {
        what: t("readyLate", { owner: problem.owner, lanes: lanes(problem.lanes) }),
        detail: t("readyLateDetail"),
        turn: turn("instance", { name: problem.owner }),
      };
    case "topic_fault":
      return {
        what: t("topicFault", { topic: problem.topic, code: problem.code }),
        detail: problem.detail ?? "",
        turn: turn("broker", { code: problem.code }),
      };
    case "topic_paused":
      return {
        what: t("topicPaused", { topic: problem.topic, by: problem.by }),
        detail: problem.reason ?? "",
        turn: turn("resume"),
      };
    case "prepared_overdue":
      return {
        what: t("preparedOverdue", { app: problem.app }),
        detail: t("preparedOverdueDetail"),
        turn: turn("producer", { app: problem.app }),
      };
    case "app_unreachable":
      return {
        what: t("appUnreachable", { app: problem.app }),
        detail: problem.lastError ?? t("appUnreachableDetail"),
        turn: turn("app", { app: problem.app }),
      };
    case "source_fault":
      return {
        what: t("sourceFault", { source: problem.source }),
        detail: problem.detail ?? "",
        turn: turn("platform"),
      };
    case "source_unowned":
      return {
        what: t("sourceUnowned", { source: problem.source }),
        detail: t("sourceUnownedDetail"),
        turn: turn("collect"),
      };
    case "source_paused":
      return {
        what: t("sourcePaused", { source: problem.source, by: problem.by }),
        detail: problem.reason ?? "",
        turn: turn("resume"),
      };
    case "source_refused":
      return {
        what: t("sourceRefused", { source: problem.source }),
        detail: t("sourceRefusedDetail"),
        turn: turn("rows"),
      };
    case "subscription_fault":
      return {
        what: t("topicFault", { topic: problem.ownTopic, code: problem.code }),
        detail: t("subscriptionFaultDetail", { subscription: problem.subscription }),
        turn: turn("broker", { code: problem.code }),
      };
    case "subscription_disabled":
      return {
        what: t("subscriptionDisabled", { subscription: problem.subscription, topic: problem.topic }),
        detail: problem.reason ?? t("subscriptionDisabledDetail"),
        turn: turn("endpoint"),
      };
    case "subscription_throttled":
      return {
        what: t("subscriptionThrottled", { subscription: problem.subscription, topic: problem.topic }),
        detail: problem.lastError ?? t("subscriptionThrottledDetail"),
        turn: turn("consumer", { subscription: problem.subscription }),
      };
    case "subscription_paused":
      return {
        what: t("subscriptionPaused", {
          subscription: problem.subscription,
          topic: problem.topic,
          by: problem.by,
        }),
        detail: problem.reason ?? "",
        turn: turn("resume"),
      };
    case "group_stands":
      return {
        what: t("groupStands", { group: problem.group, topic: problem.topic }),
        detail: t("groupStandsDetail", { attended: String(problem.attended) }),
        turn: turn("group", { subscription: problem.subscription, attended: String(problem.attended) }),
      };
    case "dead_letters":
      return {
        what: t("deadLetters", { subscription: problem.subscription, topic: problem.topic }),
        detail: t("deadLettersDetail"),
        turn: turn("redrive"),
      };
    case "scheduled_overdue":
      return {
        what: t("scheduledOverdue"),
        detail: t("scheduledOverdueDetail"),
        turn: turn("platform"),
      };
    case "undecided":
      return {
        what: t("undecided", { app: problem.app }),
        detail: t("undecidedDetail"),
        turn: turn("decide", { app: problem.app }),
      };
    case "rejected":
      return {
        what: t("rejected", { app: problem.app, topic: problem.topic }),
        detail: t("rejectedDetail"),
        turn: turn("resend", { app: problem.app }),
      };
    case "clock_apart":
      return {
        what: t("clockApart", { difference: duration(Math.abs(problem.ms)) }),
        detail: t("clockApartDetail"),
        turn: turn("platform"),
      };
  }
}
