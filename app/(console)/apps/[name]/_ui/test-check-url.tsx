"use client";
import { Alert, Stack } from "@mantine/core";
import { IconCircleCheck, IconInfoCircle } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import type { inferRouterOutputs } from "@trpc/server";
import { useTranslations } from "next-intl";
import type { AppRouter } from "@/server/trpc/router.ts";
import { useTRPC } from "../../../../_trpc/client.ts";
import { ExchangeView } from "../../../_checks/_ui/exchange-view.tsx";
import { type Finding, findingOf } from "../../../_checks/_ui/use-check-words.ts";
import { TryOut } from "../../../_registry/_ui/try-out.tsx";
import type { AppDetail } from "./app-detail.ts";

type Test = inferRouterOutputs<AppRouter>["apps"]["testCheckUrl"];

/** Asks the app about a message that nobody prepared, and shows both ends of it. */
export function TestCheckUrl({ app }: { app: AppDetail }) {
  const t = useTranslations("apps.test");
  const trpc = useTRPC();
  const test = useMutation(trpc.apps.testCheckUrl.mutationOptions());
  return (
    <TryOut
      permission="app.probe"
      action="test-check-url"
      blocked={app.checkUrl === null ? t("noUrl") : null}
      texts={{
        label: t("button"),
        title: t("title", { name: app.name }),
        effect: t("effect"),
        running: t("asking"),
        failed: t("failed"),
        again: t("again"),
      }}
      trial={test}
      run={() => test.mutate({ name: app.name })}
      outcome={(of) => <Outcome test={of} />}
    />
  );
}

/** What the answer says of the app as a whole, then both ends of it. */
function Outcome({ test }: { test: Test }) {
  const t = useTranslations("apps.test");
  const { result } = test;
  const finding: Finding = result.sent
    ? findingOf(result)
    : { outcome: "unsent", error: result.error, status: null };
  const verdict = verdictOf(finding);
  return (
    <Stack gap="sm" data-test-outcome={finding.outcome}>
      <Alert
        color={verdict === "good" ? "teal" : verdict === "works" ? "lake" : "orange"}
        icon={verdict === "good" ? <IconCircleCheck aria-hidden /> : <IconInfoCircle aria-hidden />}
        title={t(`${verdict}Title`)}
      >
        {t(`${verdict}Text`)}
      </Alert>
      <ExchangeView exchange={{ ...test, finding, detail: result.detail }} />
    </Stack>
  );
}

/** `rolled_back` is what an app says that looks into its database; one that says `committed` says so of anything. */
function verdictOf({ outcome, status }: Finding): "good" | "works" | "wrong" | "refused" | "bad" {
  if (outcome === "rolled_back") return "good";
  if (outcome === "unknown") return "works";
  if (outcome === "committed") return "wrong";
  return status === 401 || status === 403 ? "refused" : "bad";
}
