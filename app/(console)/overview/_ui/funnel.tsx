"use client";
import { IconBan, IconCalendarClock, IconPlayerPause } from "@tabler/icons-react";
import { useFormatter, useTranslations } from "next-intl";
import { agePart, momentPart } from "../../../_ui/rich-parts.tsx";
import { STATE_LOOK } from "../../../_ui/state-look.ts";
import { CappedCount } from "../../../_table/capped-count.tsx";
import { DELIVERY_LOOK } from "../../_deliveries/_ui/delivery-look.ts";
import { deadLettersHref } from "../../dead-letters/dead-letters-href.ts";
import { waitingHref } from "../../prepared/waiting-href.ts";
import { messagesHref } from "../messages-href.ts";
import classes from "./funnel.module.css";
import { FunnelExit } from "./funnel-exit.tsx";
import { FunnelStep } from "./funnel-step.tsx";
import type { OverviewData } from "./overview-data.ts";

/** What a message's deliveries may be in beside acknowledged; only those that were given up wait for somebody. */
const DELIVERY_EXITS = [
  { state: "PENDING", name: "unacknowledged", icon: DELIVERY_LOOK.PENDING.icon, tone: undefined },
  { state: "WAITING", name: "retrying", icon: DELIVERY_LOOK.WAITING.icon, tone: "warn" },
  { state: "DEAD", name: "dead", icon: DELIVERY_LOOK.DEAD.icon, tone: "bad" },
] as const;

/** The way of a message with what stands at each step, how fast it passes, how old the oldest is, and where it may leave. */
export function Funnel({ overview }: { overview: OverviewData }) {
  const t = useTranslations("overview");
  const format = useFormatter();
  const { steps, held, nextScheduledAt, deliveries } = overview;
  // What came in and has not gone out, a minute, over the same five whole minutes.
  const pressure = (steps.READY.lastFive - steps.SENT.lastFive - steps.REJECTED.lastFive) / 5;
  return (
    <section aria-label={t("funnel")}>
      <ol className={classes.funnel} data-steps={deliveries === null ? 3 : 4}>
        <FunnelStep step={steps.PREPARED} kind="waits">
          <FunnelExit
            icon={STATE_LOOK.UNDECIDED.icon}
            name="undecided"
            href={waitingHref({ show: "undecided" })}
            figure={format.number(steps.UNDECIDED.count)}
            tone={steps.UNDECIDED.count > 0 ? "warn" : undefined}
            note={steps.UNDECIDED.oldestAt && t.rich("oldestOf", { age: agePart(steps.UNDECIDED.oldestAt) })}
          />
          <FunnelExit
            icon={IconBan}
            name="cancelled"
            href={messagesHref({ states: ["CANCELLED"] })}
            figure={t("perMinute", { rate: steps.CANCELLED.lastMinute })}
          />
        </FunnelStep>
        <FunnelStep step={steps.READY} kind="waits">
          <FunnelExit
            icon={IconCalendarClock}
            name="scheduled"
            href={messagesHref({ states: ["SCHEDULED"] })}
            figure={format.number(steps.SCHEDULED.count)}
            note={
              nextScheduledAt &&
              steps.SCHEDULED.count > 0 &&
              t.rich("nextDue", { time: momentPart(nextScheduledAt) })
            }
          />
          <FunnelExit
            icon={IconPlayerPause}
            name="held"
            href={messagesHref({ held: true })}
            figure={<CappedCount count={held.atLeast ? held.count - 1 : held.count} capped={held.atLeast} />}
            tone={held.count > 0 ? "warn" : undefined}
            note={held.oldestAt && t.rich("oldestOf", { age: agePart(held.oldestAt) })}
          />
          <FunnelExit
            icon={STATE_LOOK.REJECTED.icon}
            name="rejected"
            href={messagesHref({ states: ["REJECTED"] })}
            figure={format.number(steps.REJECTED.count)}
            tone={steps.REJECTED.count > 0 ? "bad" : undefined}
            note={steps.REJECTED.oldestAt && t.rich("oldestOf", { age: agePart(steps.REJECTED.oldestAt) })}
          />
        </FunnelStep>
        <FunnelStep step={steps.SENT} kind="ends" pressure={pressure} />
        {deliveries !== null && (
          <FunnelStep step={steps.CONSUMED} kind="ends">
            {DELIVERY_EXITS.map(({ state, name, icon, tone }) => (
              <FunnelExit
                key={state}
                icon={icon}
                name={name}
                href={deadLettersHref({ state })}
                figure={format.number(deliveries[state].count)}
                tone={deliveries[state].count > 0 ? tone : undefined}
                note={
                  deliveries[state].oldestAt &&
                  t.rich("oldestOf", { age: agePart(deliveries[state].oldestAt) })
                }
              />
            ))}
          </FunnelStep>
        )}
      </ol>
    </section>
  );
}
