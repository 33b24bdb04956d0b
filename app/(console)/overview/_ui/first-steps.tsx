"use client";
import { Button, Code, Paper, Text, Title, VisuallyHidden } from "@mantine/core";
import { IconCircle, IconCircleCheck } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import Link from "next/link";
import type { ReactNode } from "react";
import { useConsoleFacts } from "../../../_ui/console-context.tsx";
import classes from "./first-steps.module.css";
import type { OverviewData } from "./overview-data.ts";
import { ProblemRow } from "./problem-row.tsx";
import problemClasses from "./verdict.module.css";

/** A fresh installation: what to do first, ticked off as it happens. */
export function FirstSteps({ begun, health }: Pick<OverviewData, "begun" | "health">) {
  const t = useTranslations("overview.first");
  const { apiUrl } = useConsoleFacts();
  return (
    <>
      <Paper component="section" withBorder className={classes.box} aria-labelledby="first-steps">
        <Title order={2} size="h4" id="first-steps">
          {t("title")}
        </Title>
        <Text c="dimmed" maw="44rem">
          {t("text")}
        </Text>
        <ol className={classes.steps}>
          <Step done={begun.app && begun.topic} title={t("declare")} text={t("declareText")}>
            <Button component={Link} href="/apps" variant="default" size="compact-md">
              {t("toApps")}
            </Button>
            <Button component={Link} href="/topics" variant="default" size="compact-md">
              {t("toTopics")}
            </Button>
          </Step>
          <Step done={begun.key} title={t("key")} text={t("keyText")}>
            <Button component={Link} href="/keys" variant="default" size="compact-md">
              {t("toKeys")}
            </Button>
          </Step>
          <Step done={begun.message} title={t("send")} text={t("sendText")}>
            <Code block className={classes.command} tabIndex={0}>
              {[
                `curl ${apiUrl}/v1/messages/send \\`,
                '  -H "authorization: Bearer $SURELAY_API_KEY" -H "content-type: application/json" \\',
                `  -d '{"topic":"orders.created","key":"c-1","payload":{"order":1}}'`,
              ].join("\n")}
            </Code>
          </Step>
        </ol>
      </Paper>
      {health.problems.length > 0 && (
        <Paper component="section" withBorder mt="lg" className={problemClasses.verdict}>
          <ul className={problemClasses.problems}>
            {health.problems.map((problem) => (
              <ProblemRow key={JSON.stringify(problem)} problem={problem} />
            ))}
          </ul>
        </Paper>
      )}
    </>
  );
}

function Step({
  done,
  title,
  text,
  children,
}: {
  done: boolean;
  title: string;
  text: string;
  children: ReactNode;
}) {
  const t = useTranslations("overview.first");
  const Sign = done ? IconCircleCheck : IconCircle;
  return (
    <li className={classes.step} data-done={done}>
      <span className={classes.sign}>
        <Sign size={24} aria-hidden />
        <VisuallyHidden>{t(done ? "done" : "open")}</VisuallyHidden>
      </span>
      <div>
        <Title order={3} size="h6">
          {title}
        </Title>
        <Text size="sm" c="dimmed">
          {text}
        </Text>
        <div className={classes.actions}>{children}</div>
      </div>
    </li>
  );
}
