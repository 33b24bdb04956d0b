"use client";
import { Text } from "@mantine/core";
import { useFormatter, useTranslations } from "next-intl";
import { MessageStateBadge } from "../../../../../_ui/message-state-badge.tsx";
import type { Message } from "../message-type.ts";
import type { NextStep } from "./possible-steps.ts";
import classes from "./state-map.module.css";

/** What the state means, and in words what the dashed lines show: where it can go from here and who can bring that about. */
export function NextSteps({ message, steps }: { message: Message; steps: readonly NextStep[] }) {
  const t = useTranslations();
  const format = useFormatter();
  return (
    <div className={classes.next}>
      <Text size="sm">{t(`stateMeaning.${message.state}`)}</Text>
      {steps.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t("stateMap.end")}
        </Text>
      ) : (
        <>
          <Text size="sm" fw={600} id="next-steps">
            {t("stateMap.next")}
          </Text>
          <ul aria-labelledby="next-steps">
            {steps.map((step) => (
              <li key={`${step.event}-${step.to}`}>
                <MessageStateBadge state={step.to} />
                <span>
                  {t(`stateMap.event.${step.event}`, {
                    by: format.list(
                      step.by.map((actor) => t(`stateMap.actor.${actor}`)),
                      { type: "disjunction" },
                    ),
                  })}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      {message.state === "SENT" && message.deliveries.length === 0 && message.byOffset.length === 0 && (
        <Text size="sm" c="dimmed">
          {t("stateMap.sentIsEnd")}
        </Text>
      )}
    </div>
  );
}
