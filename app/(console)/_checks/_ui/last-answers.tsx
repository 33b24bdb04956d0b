"use client";
import { Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import { Moment } from "../../../_ui/moment.tsx";
import type { CheckBack } from "./check-back-shape.ts";
import { FindingBadge } from "./finding-badge.tsx";
import classes from "./last-answers.module.css";
import { findingOf } from "./use-check-words.ts";

const SHOWN = 3;

/** What a producer said when it was asked last: for who is about to decide in its place. */
export function LastAnswers({ app, checkBacks }: { app: string; checkBacks: readonly CheckBack[] }) {
  const t = useTranslations("checkBack");
  if (checkBacks.length === 0)
    return (
      <Text size="sm" component="p" m={0}>
        {t("neverAsked", { app })}
      </Text>
    );
  return (
    <div>
      <Text size="sm" component="p" m={0}>
        {t("lastAnswers", { app })}
      </Text>
      <ul className={classes.answers}>
        {checkBacks
          .slice(-SHOWN)
          .toReversed()
          .map((asked) => (
            <li key={`${asked.at.getTime()}-${asked.attempt}`}>
              <Moment value={asked.at} />
              <FindingBadge finding={findingOf(asked)} />
              {asked.detail !== null && <span className={classes.detail}>{asked.detail}</span>}
            </li>
          ))}
      </ul>
    </div>
  );
}
