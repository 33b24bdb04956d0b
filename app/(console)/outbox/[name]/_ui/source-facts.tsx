"use client";
import { Anchor } from "@mantine/core";
import { useFormatter, useTranslations } from "next-intl";
import Link from "next/link";
import { DEFAULT_TOPIC_PATTERN } from "@/server/domain/outbox-source.ts";
import { Age } from "../../../../_ui/age.tsx";
import { Dimmed } from "../../../../_ui/dimmed.tsx";
import { Fact, Facts } from "../../../../_ui/facts.tsx";
import { Moment } from "../../../../_ui/moment.tsx";
import { Section } from "../../../../_ui/section.tsx";
import { Rate } from "../../../_registry/_ui/rate.tsx";
import { DEFAULT_ORDER_COLUMN } from "../../_ui/source-draft.ts";
import type { SourceDetail } from "../../_ui/source-shape.ts";
import { WaitingRows } from "../../_ui/waiting-rows.tsx";

/** How far it is collected, as of its collector's last look. */
export function SourceNow({ source }: { source: SourceDetail }) {
  const t = useTranslations("outbox");
  const format = useFormatter();
  return (
    <Section title={t("now")}>
      <Facts>
        <Fact name={t("collector")}>{source.owner ?? <Dimmed>{t("nobody")}</Dimmed>}</Fact>
        <Fact name={t("waiting")}>
          <WaitingRows waiting={source.waiting} />
        </Fact>
        <Fact name={t("oldest")}>
          {source.oldestAt === null ? <Dimmed>{t("none")}</Dimmed> : <Age at={source.oldestAt} />}
        </Fact>
        <Fact name={t("rate")}>
          <Rate perSecond={source.rate} />
        </Fact>
        <Fact name={t("collected")}>{format.number(source.collected)}</Fact>
        <Fact name={t("lastCollected")}>
          {source.lastCollectedAt === null ? (
            <Dimmed>{t("never")}</Dimmed>
          ) : (
            <Age at={source.lastCollectedAt} />
          )}
        </Fact>
        <Fact name={t("sampled")}>
          {source.sampledAt === null ? <Dimmed>{t("never")}</Dimmed> : <Age at={source.sampledAt} />}
        </Fact>
      </Facts>
    </Section>
  );
}

/** What it declares. The address itself, which holds a password, is in no page and no database. */
export function SourceDeclared({ source }: { source: SourceDetail }) {
  const t = useTranslations("outbox");
  return (
    <Section title={t("declared")}>
      <Facts>
        <Fact name={t("app")}>
          <Anchor component={Link} href={`/apps/${encodeURIComponent(source.app)}`} inherit>
            {source.app}
          </Anchor>
        </Fact>
        <Fact name={t("kind")}>{t(`kinds.${source.kind}`)}</Fact>
        <Fact name={t("layout")}>{t(`layouts.${source.layout}`)}</Fact>
        <Fact name={t("connection")}>
          <span className="mono">{source.connection}</span>
        </Fact>
        <Fact name={t("table")}>
          <span className="mono">{source.table}</span>
        </Fact>
        {source.layout === "debezium" && (
          <>
            <Fact name={t("topicPattern")}>
              <span className="mono">{source.topicPattern ?? DEFAULT_TOPIC_PATTERN}</span>
            </Fact>
            <Fact name={t("orderColumn")}>
              <span className="mono">{source.orderColumn ?? DEFAULT_ORDER_COLUMN}</span>
            </Fact>
          </>
        )}
        <Fact name={t("updated")}>
          <Moment value={source.updatedAt} />
        </Fact>
      </Facts>
    </Section>
  );
}
