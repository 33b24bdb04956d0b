"use client";
import { Alert, Group, Stack, Text } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useMeasures } from "../../../_ui/use-measures.ts";
import { CodeText } from "../../_registry/_ui/code-text.tsx";
import classes from "./exchange-view.module.css";
import { FindingBadge } from "./finding-badge.tsx";
import { type Finding, useCheckWords } from "./use-check-words.ts";

/** One question to a producer with its answer, as they went over the wire. */
export interface ShownExchange {
  url: string;
  request: object;
  /** Of the request, beside those that every request has. */
  headers?: Record<string, string>;
  /** Null: no answer. */
  status: number | null;
  body: string | null;
  bodyCut: boolean;
  durationMs: number;
  finding: Finding;
  detail: string | null;
}

/** Request, response, and what to make of it. */
export function ExchangeView({ exchange }: { exchange: ShownExchange }) {
  const t = useTranslations("checkBack");
  const { duration } = useMeasures();
  const { advice } = useCheckWords()(exchange.finding);
  const headers = Object.entries({
    "content-type": "application/json",
    ...exchange.headers,
    "webhook-signature": "v1,…",
  });
  const head = headers.map(([name, value]) => `${name}: ${value}`).join("\n");
  return (
    <Stack gap="xs" className={classes.exchange}>
      <div className={classes.sides}>
        <Side title={t("request")}>
          <CodeText
            what={t("request")}
            text={`POST ${exchange.url}\n${head}\n\n${JSON.stringify(exchange.request, null, 2)}`}
          />
        </Side>
        <Side
          title={t("response")}
          aside={
            <Group gap="xs">
              <FindingBadge finding={exchange.finding} />
              <span>{t("took", { duration: duration(exchange.durationMs) })}</span>
            </Group>
          }
        >
          {exchange.status === null && exchange.body === null ? (
            <Text size="sm" c="dimmed">
              {t("noAnswer")}
            </Text>
          ) : (
            <CodeText
              what={t("response")}
              text={`HTTP ${exchange.status}\n\n${exchange.body ?? ""}`.trimEnd()}
            />
          )}
          {exchange.bodyCut && (
            <Text size="xs" c="dimmed">
              {t("bodyCut")}
            </Text>
          )}
        </Side>
      </div>
      {exchange.detail !== null && (
        <Text size="sm" className="mono" style={{ overflowWrap: "anywhere" }}>
          {exchange.detail}
        </Text>
      )}
      {advice !== null && (
        <Alert color="orange" p="xs" role="note" icon={<IconInfoCircle aria-hidden />}>
          {advice}
        </Alert>
      )}
    </Stack>
  );
}

function Side({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <div className={classes.side}>
      <div className={classes.head}>
        <Text size="xs" fw={600}>
          {title}
        </Text>
        <Text size="xs" c="dimmed" component="div">
          {aside}
        </Text>
      </div>
      {children}
    </div>
  );
}
