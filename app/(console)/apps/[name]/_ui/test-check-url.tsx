"use client";
import { Alert, Button, Group, Loader, Modal, Stack, Text } from "@mantine/core";
import { IconCircleCheck, IconCloudOff, IconInfoCircle, IconPlugConnected } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import type { inferRouterOutputs } from "@trpc/server";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { AppRouter } from "@/server/trpc/router.ts";
import { useTRPC } from "../../../../_trpc/client.ts";
import { ErrorText } from "../../../../_ui/error-text.tsx";
import { GatedButton } from "../../../../_ui/gated-button.tsx";
import { useOpenerFocus } from "../../../../_ui/use-opener-focus.ts";
import { ExchangeView } from "../../../_checks/_ui/exchange-view.tsx";
import { type Finding, findingOf } from "../../../_checks/_ui/use-check-words.ts";
import type { AppDetail } from "./app-detail.ts";

type Test = inferRouterOutputs<AppRouter>["apps"]["testCheckUrl"];

/** Asks the app about a message that nobody prepared, and shows both ends of it. */
export function TestCheckUrl({ app }: { app: AppDetail }) {
  const t = useTranslations("apps.test");
  const close = useTranslations("confirm")("close");
  const trpc = useTRPC();
  const [opened, setOpened] = useState(false);
  useOpenerFocus(opened);
  const test = useMutation(trpc.apps.testCheckUrl.mutationOptions());
  const run = () => test.mutate({ name: app.name });

  return (
    <>
      <GatedButton
        permission="app.probe"
        blocked={app.checkUrl === null ? t("noUrl") : null}
        data-action="test-check-url"
        size="xs"
        variant="default"
        leftSection={<IconPlugConnected size={16} aria-hidden />}
        onClick={() => {
          setOpened(true);
          run();
        }}
      >
        {t("button")}
      </GatedButton>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title={t("title", { name: app.name })}
        closeButtonProps={{ "aria-label": close }}
        size="xl"
        centered
      >
        <Stack gap="md" aria-live="polite" aria-busy={test.isPending}>
          <Text size="sm">{t("effect")}</Text>
          {test.isPending && (
            <Group gap="xs">
              <Loader size="xs" aria-hidden />
              <Text size="sm">{t("asking")}</Text>
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
