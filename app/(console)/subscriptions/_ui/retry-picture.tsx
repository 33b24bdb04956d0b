"use client";
import { Text } from "@mantine/core";
import { IconSkull } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import type { RetrySchedule } from "@/sdk/contract/retry-schedule.ts";
import { useMeasures } from "../../../_ui/use-measures.ts";
import classes from "./retry-picture.module.css";
import { drawRetries } from "./retry-times.ts";

interface Retries {
  schedule: RetrySchedule;
  maxAttempts: number;
  /** How long an attempt takes to fail that nobody answers, seconds. */
  timeoutSeconds: number;
}

const percent = (x: number) => `${(x * 100).toFixed(2)}%`;

/** When each attempt is made, on an axis from the first failure to giving up; the same in words for who cannot see it. */
export function RetryPicture({ schedule, maxAttempts, timeoutSeconds }: Retries) {
  const t = useTranslations("subscriptions.retry");
  const { duration } = useMeasures();
  const { times, hidden, ticks, total } = drawRetries(schedule, maxAttempts);
  const say = (seconds: number) => duration(Math.round(seconds * 1000));
  return (
    <figure className={classes.figure} data-retries={maxAttempts}>
      <div className={classes.axis} aria-hidden>
        <div className={classes.line} />
        {ticks.map(({ seconds, x, sparse }) => (
          <div
            key={seconds}
            className={classes.tick}
            data-sparse={sparse || undefined}
            style={{ insetInlineStart: percent(x) }}
          >
            {say(seconds)}
          </div>
        ))}
        {times.map(({ attempt, x, from, to, at, delay, numbered }) => (
          <div key={attempt}>
            {to > from && (
              <div
                className={classes.spread}
                style={{ insetInlineStart: percent(from), width: percent(to - from) }}
              />
            )}
            <div
              className={classes.dot}
              style={{ insetInlineStart: percent(x) }}
              title={attempt === 1 ? t("first") : t("dot", { attempt, at: say(at), delay: say(delay) })}
            />
            {numbered && (
              <div className={classes.number} style={{ insetInlineStart: percent(x) }}>
                {attempt}
              </div>
            )}
          </div>
        ))}
        <div className={classes.end} title={t("end")}>
          <IconSkull size={16} />
        </div>
      </div>
      <Text component="figcaption" size="sm" c="dimmed">
        {maxAttempts === 1
          ? t("once")
          : t("summary", {
              count: maxAttempts,
              first: say(times[1]?.delay ?? 0),
              last: say(times.at(-1)!.delay),
              total: say(total),
            })}{" "}
        {hidden > 0 && t("hidden", { count: hidden })}{" "}
        {t("slow", { timeout: say(timeoutSeconds), total: say(total + maxAttempts * timeoutSeconds) })}
      </Text>
    </figure>
  );
}
