"use client";
import { Anchor, Title } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Age } from "../../../_ui/age.tsx";
import { agePart } from "../../../_ui/rich-parts.tsx";
import { StatusBadge } from "../../../_ui/status-badge.tsx";
import { useMeasures } from "../../../_ui/use-measures.ts";
import { CappedCount } from "../../../_table/capped-count.tsx";
import { Ago } from "./ago.tsx";
import { anchorOf, type BoardLane } from "./board.ts";
import classes from "./lane-board.module.css";
import { LANE_LOOKS, lookOf } from "./lane-look.ts";
import { PauseLane } from "./pause-lane.tsx";

/** One lane: whose it is and for how long, what waits in it, what is in hand, what keeps it. */
export function LaneCard({ lane, cap }: { lane: BoardLane; cap: number }) {
  const t = useTranslations("workers");
  const look = lookOf(lane);
  const { tone, icon } = LANE_LOOKS[look];
  return (
    <article className={classes.card} data-tone={tone} aria-labelledby={`lane-${lane.lane}`}>
      <div className={classes.head}>
        <Title order={3} size="h6" id={`lane-${lane.lane}`}>
          {t("lane", { lane: lane.lane })}
        </Title>
        <StatusBadge tone={tone} icon={icon} label={t(`look.${look}`)} hint={t(`lookHint.${look}`)} />
      </div>
      <dl className={classes.facts}>
        <Row name={t("owner")}>
          {lane.owner === null ? (
            t("nobody")
          ) : (
            <Anchor href={`#${anchorOf("relay", lane.owner)}`} size="sm">
              {lane.owner}
            </Anchor>
          )}
        </Row>
        <Lease lane={lane} />
        <Row name={t("waiting")}>
          <Count count={lane.waiting} cap={cap} />
        </Row>
        <Row name={t("oldest")}>{lane.oldestReadyAt ? <Age at={lane.oldestReadyAt} /> : t("none")}</Row>
        {lane.held > 0 && (
          <Row name={t("held")}>
            <Count count={lane.held} cap={cap} />
          </Row>
        )}
        {lane.resends > 0 && (
          <Row name={t("resends")}>
            <Count count={lane.resends} cap={cap} />
          </Row>
        )}
        <Work lane={lane} />
      </dl>
      <Notes lane={lane} />
      <div className={classes.foot}>
        <PauseLane lane={lane} />
      </div>
    </article>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Count({ count, cap }: { count: number; cap: number }) {
  return <CappedCount count={Math.min(count, cap - 1)} capped={count >= cap} />;
}

function Lease({ lane }: { lane: BoardLane }) {
  const t = useTranslations("workers");
  const { duration } = useMeasures();
  if (lane.expiresInMs === null) return <Row name={t("lease")}>{t("none")}</Row>;
  const left = Math.round(lane.expiresInMs / 1000) * 1000;
  return (
    <>
      <Row name={t("lease")}>
        {left > 0
          ? t("leaseLeft", { time: duration(left) })
          : t("leaseEnded", { time: duration(Math.max(1000, -left)) })}
      </Row>
      <Row name={t("epoch")}>{lane.epoch.toString()}</Row>
    </>
  );
}

/** As of the owner's last heartbeat. */
function Work({ lane: { work, owner } }: { lane: BoardLane }) {
  const t = useTranslations("workers");
  const { duration } = useMeasures();
  if (owner === null) return null;
  if (work === null) return <Row name={t("doing")}>{t("unknown")}</Row>;
  return (
    <>
      <Row name={t("doing")}>
        {work.inHand
          ? t("inHand", { phase: t(`phase.${work.phase}`), count: work.inHand.size })
          : t(`phase.${work.phase}`)}
      </Row>
      <Row name={t("lastTick")}>
        <Ago at={work.lastTickAt === null ? null : new Date(work.lastTickAt)} />
      </Row>
      <Row name={t("lastBatch")}>
        {work.lastBatch === null ? (
          t("none")
        ) : (
          <>
            {t("batch", { count: work.lastBatch.size, time: duration(work.lastBatch.ms) })}
            <br />
            <Ago at={new Date(work.lastBatch.at)} />
          </>
        )}
      </Row>
    </>
  );
}

function Notes({ lane }: { lane: BoardLane }) {
  const t = useTranslations("workers");
  return (
    <>
      {lane.faultDetail !== null && lane.faultSince !== null && (
        <div className={classes.note} data-tone="bad">
          {t.rich("faultNote", { age: agePart(lane.faultSince) })}
          <br />
          {lane.faultDetail}
        </div>
      )}
      {lane.pausedAt !== null && (
        <div className={classes.note} data-tone="idle">
          {t.rich("pauseNote", { by: lane.pausedBy ?? "", age: agePart(lane.pausedAt) })}
          {lane.pauseReason && (
            <>
              <br />
              {lane.pauseReason}
            </>
          )}
        </div>
      )}
    </>
  );
}
