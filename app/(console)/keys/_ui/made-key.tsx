"use client";
import { Alert, Button, Checkbox, CopyButton, Group, Stack, Text } from "@mantine/core";
import { IconCheck, IconCopy, IconEyeOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { useTRPC } from "../../../_trpc/client.ts";
import { useConsoleFacts } from "../../../_ui/console-context.tsx";
import { formatCurl } from "../../../_ui/format-curl.ts";
import { CodeText } from "../../_registry/_ui/code-text.tsx";
import classes from "./made-key.module.css";

export interface NewKey {
  id: string;
  /** The key itself: it is nowhere but here. */
  key: string;
  app: string;
  scopes: readonly string[];
}

/** A new key, this once, with a first call to try it. */
export function MadeKey({ made, onDone }: { made: NewKey; onDone: () => void }) {
  const t = useTranslations("keys");
  const [stored, setStored] = useState(false);
  useUnloadGuard();
  return (
    <Stack gap="md">
      <Alert color="orange" icon={<IconEyeOff aria-hidden />} title={t("onceTitle")}>
        {t("once")}
      </Alert>
      <div className={classes.key}>
        <code className={classes.text} data-testid="api-key">
          {made.key}
        </code>
        <CopyButton value={made.key} timeout={2000}>
          {({ copied, copy }) => (
            <Button
              onClick={copy}
              data-autofocus
              leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
            >
              {copied ? t("copied") : t("copyKey")}
            </Button>
          )}
        </CopyButton>
      </div>
      {made.scopes.includes("produce") && <FirstCall made={made} />}
      <Checkbox
        label={t("storedIt")}
        checked={stored}
        onChange={(event) => setStored(event.currentTarget.checked)}
      />
      <Group justify="flex-end">
        <Button onClick={onDone} disabled={!stored}>
          {t("done")}
        </Button>
      </Group>
    </Stack>
  );
}

function FirstCall({ made }: { made: NewKey }) {
  const t = useTranslations("keys");
  const trpc = useTRPC();
  const { apiUrl } = useConsoleFacts();
  const topics = useQuery(trpc.topics.list.queryOptions());
  const topic = topics.data?.[0]?.name ?? "orders.created";
  const call = formatCurl(apiUrl, {
    method: "POST",
    path: "/v1/messages/send",
    body: { topic, key: "c-1", payload: { hello: "world" } },
  });
  return (
    <div>
      <Text size="sm" fw={600} mb={2}>
        {t("tryIt")}
      </Text>
      <Text size="xs" c="dimmed" mb={6}>
        {t("tryItHint", { topic })}
      </Text>
      <CodeText text={`export SURELAY_API_KEY='${made.key}'\n${call}`} what={t("firstCall")} />
    </div>
  );
}

/** Reloading or leaving would lose the key: the browser asks first. */
function useUnloadGuard() {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, []);
}
