"use client";
import { Alert, Group, Stack, Text } from "@mantine/core";
import { IconCircleCheck, IconInfoCircle } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import type { inferRouterOutputs } from "@trpc/server";
import { useTranslations } from "next-intl";
import type { AppRouter } from "@/server/trpc/router.ts";
import { useTRPC } from "../../../../../_trpc/client.ts";
import { useMeasures } from "../../../../../_ui/use-measures.ts";
import { CodeText } from "../../../../_registry/_ui/code-text.tsx";
import { TryOut } from "../../../../_registry/_ui/try-out.tsx";
import type { SubscriptionDetail } from "../../../_ui/subscription-shape.ts";

type Test = inferRouterOutputs<AppRouter>["subscriptions"]["testWebhook"];

/** Calls the webhook with a message that nobody sent, and shows both ends of it. */
export function TestWebhook({ subscription }: { subscription: SubscriptionDetail }) {
  const t = useTranslations("subscriptions.webhook");
  const trpc = useTRPC();
  const test = useMutation(trpc.subscriptions.testWebhook.mutationOptions());
  const { topic, name } = subscription;
  return (
    <TryOut
      permission="subscription.control"
      action="test-webhook"
      texts={{
        label: t("test"),
        title: t("testTitle", { name }),
        effect: t("testEffect"),
        running: t("calling"),
        failed: t("failed"),
        again: t("again"),
      }}
      trial={test}
      run={() => test.mutate({ topic, name })}
      outcome={(of) => <Outcome test={of} />}
    />
  );
}

/** What the answer says, then both ends of it. */
function Outcome({ test }: { test: Test }) {
  const t = useTranslations("subscriptions.webhook");
  const { duration } = useMeasures();
  const verdict = verdictOf(test);
  const headers = { ...test.headers, "webhook-signature": "v1,…" };
  const head = Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
  return (
    <Stack gap="sm" data-test-outcome={verdict}>
      <Alert
        color={verdict === "good" ? "teal" : "orange"}
        icon={verdict === "good" ? <IconCircleCheck aria-hidden /> : <IconInfoCircle aria-hidden />}
        title={t(verdict)}
      >
        {test.result.kind !== "accepted" && <span lang="en">{test.result.message}</span>}
      </Alert>
      <Text size="xs" fw={600}>
        {t("request")}
      </Text>
      <CodeText what={t("request")} text={`POST ${test.url}\n${head}\n\n${test.payload}`} />
      <Group justify="space-between">
        <Text size="xs" fw={600}>
          {t("response")}
        </Text>
        <Text size="xs" c="dimmed">
          {t("took", { duration: duration(test.durationMs) })}
        </Text>
      </Group>
      {test.status === null ? (
        <Text size="sm" c="dimmed">
          {t("noAnswer")}
        </Text>
      ) : (
        <CodeText what={t("response")} text={`HTTP ${test.status}\n\n${test.body ?? ""}`.trimEnd()} />
      )}
    </Stack>
  );
}

function verdictOf({ result, status }: Test): "good" | "gone" | "refused" | "bad" {
  if (result.kind === "accepted") return "good";
  if (result.kind === "gone") return "gone";
  return status === 401 || status === 403 ? "refused" : "bad";
}
