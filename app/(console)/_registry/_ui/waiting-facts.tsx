"use client";
import { Anchor } from "@mantine/core";
import { useTranslations } from "next-intl";
import Link from "next/link";
import type { MessageState } from "@/server/domain/message-state.ts";
import { Fact, Facts } from "../../../_ui/facts.tsx";
import { waitingHref } from "../../prepared/waiting-href.ts";
import { Rate } from "./rate.tsx";
import { WaitingCount } from "./waiting-count.tsx";

const SHOWN = ["PREPARED", "UNDECIDED", "SCHEDULED", "READY", "REJECTED"] as const satisfies MessageState[];

interface FlowFacts {
  flow: { rate: number; waiting: Partial<Record<MessageState, { count: number; oldest: Date }>> };
  /** The filter of the message list that this is part of. */
  filter: { app: string } | { topic: string };
}

/** Where the messages of a figure are looked at and worked on. */
function hrefOf(filter: FlowFacts["filter"], state: (typeof SHOWN)[number]): string {
  if ("app" in filter && state === "PREPARED") return waitingHref({ app: filter.app });
  if ("app" in filter && state === "UNDECIDED") return waitingHref({ show: "undecided", app: filter.app });
  return `/messages?${new URLSearchParams({ ...filter, state })}`;
}

/** What goes through just now and what waits, each leading to its messages. */
export function WaitingFacts({ flow, filter }: FlowFacts) {
  const t = useTranslations();
  return (
    <Facts>
      <Fact name={t("registry.rateName")}>
        <span title={t("registry.rateHint")}>
          <Rate perSecond={flow.rate} />
        </span>
      </Fact>
      {SHOWN.map((state) => (
        <Fact key={state} name={t(`states.${state}`)}>
          {flow.waiting[state] === undefined ? (
            <WaitingCount waiting={undefined} />
          ) : (
            <Anchor component={Link} href={hrefOf(filter, state)} size="sm">
              <WaitingCount waiting={flow.waiting[state]} />
            </Anchor>
          )}
        </Fact>
      ))}
    </Facts>
  );
}
