"use client";
import { Alert, Button, Group, Loader, Modal, Stack, Text } from "@mantine/core";
import { IconCircleCheck, IconCloudOff, IconInfoCircle, IconPlugConnected } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import type { inferRouterOutputs } from "@trpc/server";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { AppRouter } from "@/server/trpc/router.ts";
import { useTRPC } from "../../../../../_trpc/client.ts";
import { ErrorText } from "../../../../../_ui/error-text.tsx";
import { GatedButton } from "../../../../../_ui/gated-button.tsx";
import { useMeasures } from "../../../../../_ui/use-measures.ts";
import { useOpenerFocus } from "../../../../../_ui/use-opener-focus.ts";
import { CodeText } from "../../../../_registry/_ui/code-text.tsx";
import type { SubscriptionDetail } from "../../../_ui/subscription-shape.ts";

type Test = inferRouterOutputs<AppRouter>["subscriptions"]["testWebhook"];

/** Calls the webhook with a message that nobody sent, and shows both ends of it. */
export function TestWebhook({ subscription }: { subscription: SubscriptionDetail }) {
  const t = useTranslations("subscriptions.webhook");
  const close = useTranslations("confirm")("close");
  const trpc = useTRPC();
  const [opened, setOpened] = useState(false);
  useOpenerFocus(opened);
  const test = useMutation(trpc.subscriptions.testWebhook.mutationOptions());
  const { topic, name } = subscription;
  const run = () => test.mutate({ topic, name });

  return (
    <>
      <GatedButton
        permission="subscription.control"
        data-action="test-webhook"
        size="xs"
        variant="default"
        leftSection={<IconPlugConnected size={16} aria-hidden />}
        onClick={() => {
          setOpened(true);
          run();
        }}
      >
        {t("test")}
      </GatedButton>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title={t("testTitle", { name })}
        closeButtonProps={{ "aria-label": close }}
        size="xl"
        centered
      >
        <Stack gap="md" aria-live="polite" aria-busy={test.isPending}>
          <Text size="sm">{t("testEffect")}</Text>
          {test.isPending && (
            <Group gap="xs">
              <Loader size="xs" aria-hidden />
              <Text size="sm">{t("calling")}</Text>
            </Group>
          )}
          {test.isError && !test.isPending && (
            <Alert color="red" icon={<IconCloudOff aria-hidden />} title={t("failed")}>
              <ErrorText error={test.error} />
            </Alert>
          )}
          {test.data && !test.isPending && <Outcome test={test.data} />}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={() => setOpened(false)}>
              {close}
            </Button>
            <Button onClick={run} loading={test.isPending}>
              {t("again")}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
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
