"use client";
import { useTranslations } from "next-intl";
import { Moment } from "../../../_ui/moment.tsx";
import { agePart } from "../../../_ui/rich-parts.tsx";
import { StatusBadge } from "../../../_ui/status-badge.tsx";
import { useMeasures } from "../../../_ui/use-measures.ts";
import { type PlainColumn, PlainTable } from "../../_registry/_ui/plain-table.tsx";
import { Ago } from "./ago.tsx";
import { anchorOf, type Instance, isKind } from "./board.ts";
import { InstanceActions } from "./instance-actions.tsx";
import { INSTANCE_LOOKS, lookOf } from "./instance-look.ts";
import { PassedOver } from "./passed-over.tsx";
import classes from "./instance-table.module.css";

/** Kinds that work in passes; the others answer requests as they come. */
const PASSES = new Set(["collect", "relay", "confirm", "notify", "recover", "ack", "sweep"]);

/** @param lastRelay name of the only relay that works, if there is but one: quieting it stops all sending */
export function InstanceTable({
  instances,
  lastRelay,
}: {
  instances: readonly Instance[];
  lastRelay: string | null;
}) {
  const t = useTranslations("workers");
  return (
    <PlainTable
      caption={t("processesCaption")}
      rows={instances}
      rowKey={(row) => `${row.kind} ${row.name}`}
      columns={useInstanceColumns(lastRelay)}
    />
  );
}

function useInstanceColumns(lastRelay: string | null): PlainColumn<Instance>[] {
  const t = useTranslations("workers");
  return [
    { id: "name", header: t("process"), cell: (row) => <Name instance={row} /> },
    { id: "state", header: t("state"), cell: (row) => <State instance={row} /> },
    { id: "heartbeat", header: t("heartbeat"), cell: (row) => <HeartbeatCell instance={row} /> },
    {
      id: "tick",
      header: t("lastTick"),
      cell: (row) => <Ago at={PASSES.has(row.kind) ? row.lastTickAt : null} />,
    },
    { id: "lanes", header: t("ownLanes"), cell: (row) => <Lanes instance={row} /> },
    {
      id: "version",
      header: t("version"),
      cell: (row) => (
        <>
          {row.version}
          <div className={classes.sub}>
            {t("started")} <Moment value={row.startedAt} />
          </div>
        </>
      ),
    },
    {
      id: "actions",
      header: t("actions"),
      quiet: true,
      cell: (row) => (
        <InstanceActions instance={row} isLastRelay={row.kind === "relay" && row.name === lastRelay} />
      ),
    },
  ];
}

function Name({ instance: { kind, name, host, pid, port, acks } }: { instance: Instance }) {
  const t = useTranslations("workers");
  return (
    <>
      <span id={anchorOf(kind, name)} className={classes.name}>
        {isKind(kind) ? t(`kind.${kind}`) : kind}
      </span>
      <div className={classes.sub}>
        {[name, ...(host === name ? [] : [host]), t("pid", { pid: String(pid) })].join(" · ")}
        {port !== null && ` · :${port}`}
      </div>
      {acks !== null && acks.poison + acks.refused > 0 && <PassedOver acks={acks} />}
    </>
  );
}

function State({ instance }: { instance: Instance }) {
  const t = useTranslations("workers");
  const look = lookOf(instance);
  const by = instance.wantedBy;
  return (
    <>
      <StatusBadge {...INSTANCE_LOOKS[look]} label={t(`instance.${look}`)} hint={t(`instanceHint.${look}`)} />
      {by !== null &&
        instance.wantedAt !== null &&
        instance.wanted !== "run" &&
        instance.stoppedAt === null && (
          <div className={classes.sub}>{t.rich("wantedBy", { by, age: agePart(instance.wantedAt) })}</div>
        )}
    </>
  );
}

function HeartbeatCell({ instance: { heartbeatAt, heartbeatMs, stoppedAt } }: { instance: Instance }) {
  const t = useTranslations("workers");
  const { duration } = useMeasures();
  return (
    <>
      <Ago at={stoppedAt ?? heartbeatAt} />
      {stoppedAt === null && <div className={classes.sub}>{t("every", { time: duration(heartbeatMs) })}</div>}
    </>
  );
}

function Lanes({ instance: { lanes, stoppedAt } }: { instance: Instance }) {
  const t = useTranslations("workers");
  if (lanes === null || stoppedAt !== null) return t("none");
  return lanes.length === 0 ? t("noLanes") : lanes.join(", ");
}
