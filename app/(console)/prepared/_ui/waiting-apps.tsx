"use client";
import { Anchor, Button, Text } from "@mantine/core";
import { useFormatter, useTranslations } from "next-intl";
import Link from "next/link";
import { useState } from "react";
import { CappedCount } from "../../../_table/capped-count.tsx";
import { Age } from "../../../_ui/age.tsx";
import { Dimmed } from "../../../_ui/dimmed.tsx";
import { Section } from "../../../_ui/section.tsx";
import { BreakerBadge } from "../../_checks/_ui/breaker-badge.tsx";
import { PlainTable } from "../../_registry/_ui/plain-table.tsx";
import { appsInTrouble } from "./waiting-counts.ts";
import type { WaitingApp, WaitingSum } from "./waiting-item.ts";
import { waitingHref } from "../waiting-href.ts";

/** Apps shown before one asks for all: the list below must stay in reach. */
const SHOWN = 5;

/** What waits, app by app: how many, how long, and whether the app can be reached. */
export function WaitingApps({ sum }: { sum: WaitingSum }) {
  const t = useTranslations("prepared");
  const format = useFormatter();
  const [all, setAll] = useState(false);
  const apps = appsInTrouble(sum);
  if (apps.length === 0) return null;
  const shown = all ? apps : apps.slice(0, SHOWN);
  const figure = (app: WaitingApp, show: "prepared" | "undecided") =>
    app[show] === 0 ? (
      <Dimmed>0</Dimmed>
    ) : (
      <Anchor component={Link} href={waitingHref({ show, app: app.app })} size="sm">
        {format.number(app[show])}
      </Anchor>
    );
  return (
    <Section title={t("byApp")}>
      <PlainTable
        caption={t("byApp")}
        rows={shown}
        rowKey={(app) => app.app}
        columns={[
          {
            id: "app",
            header: t("columns.app"),
            cell: (app) => (
              <Anchor component={Link} href={`/apps/${encodeURIComponent(app.app)}`} size="sm" fw={600}>
                {app.app}
              </Anchor>
            ),
          },
          {
            id: "prepared",
            header: t("kind.prepared"),
            align: "end",
            cell: (app) => figure(app, "prepared"),
          },
          {
            id: "overdue",
            header: t("kind.overdue"),
            align: "end",
            cell: (app) =>
              app.overdue === 0 ? (
                <Dimmed>0</Dimmed>
              ) : (
                <Anchor
                  component={Link}
                  href={waitingHref({ show: "overdue", app: app.app })}
                  size="sm"
                  c="var(--tone-bad-ink)"
                >
                  <CappedCount count={app.overdue} capped={sum.overdueCapped} />
                </Anchor>
              ),
          },
          {
            id: "undecided",
            header: t("kind.undecided"),
            align: "end",
            cell: (app) => figure(app, "undecided"),
          },
          {
            id: "oldest",
            header: t("oldest"),
            align: "end",
            cell: (app) => (app.oldestAt === null ? <Dimmed>{t("none")}</Dimmed> : <Age at={app.oldestAt} />),
          },
          { id: "reach", header: t("columns.reach"), cell: (app) => <Reach app={app} /> },
        ]}
      />
      {apps.length > shown.length && (
        <Button size="compact-sm" variant="subtle" mt="xs" onClick={() => setAll(true)}>
          {t("moreApps", { count: apps.length - shown.length })}
        </Button>
      )}
    </Section>
  );
}

function Reach({ app: { breaker, checkUrl } }: { app: WaitingApp }) {
  const t = useTranslations("prepared");
  const away = breaker !== null && breaker.state !== "closed";
  return (
    <>
      <BreakerBadge asked={checkUrl !== null} breaker={breaker?.state ?? null} />
      {away && (
        <Text size="xs" c="dimmed" component="div">
          {t.rich("awaySince", { age: () => <Age at={breaker.since} /> })}
          {breaker.lastError !== null && ` · ${breaker.lastError}`}
        </Text>
      )}
    </>
  );
}
