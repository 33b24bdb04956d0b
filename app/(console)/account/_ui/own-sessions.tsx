"use client";
import { Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useTRPC } from "../../../_trpc/client.ts";
import { ConfirmDialog } from "../../../_ui/confirm-dialog.tsx";
import { GatedButton } from "../../../_ui/gated-button.tsx";
import { useOperator } from "../../../_ui/operator-context.tsx";
import { Section } from "../../../_ui/section.tsx";
import { showDone, showFailed } from "../../../_ui/toasts.ts";
import { type SessionItem, SessionList } from "./session-list.tsx";

/** Where one is signed in, to be ended one by one or all but this. */
export function OwnSessions({
  sessions,
  refresh,
}: {
  sessions: readonly SessionItem[];
  refresh: () => void;
}) {
  const t = useTranslations("account.sessions");
  const trpc = useTRPC();
  const { sessionId } = useOperator();
  const [asking, setAsking] = useState(false);
  const end = useMutation(
    trpc.account.endSession.mutationOptions({
      onSuccess: () => showDone({ message: t("ended") }),
      onError: (error) => showFailed(error, t("notEnded")),
      onSettled: refresh,
    }),
  );
  const endOthers = useMutation(trpc.account.endOtherSessions.mutationOptions({ onSettled: refresh }));
  const others = sessions.filter(({ id }) => id !== sessionId).length;

  return (
    <Section
      title={t("title")}
      aside={
        <GatedButton
          permission={null}
          blocked={others === 0 ? t("noOthers") : null}
          size="compact-sm"
          variant="default"
          onClick={() => setAsking(true)}
        >
          {t("endOthers")}
        </GatedButton>
      }
    >
      <Stack gap="xs">
        <Text size="sm" c="dimmed">
          {t("text")}
        </Text>
        <SessionList
          sessions={sessions}
          own={sessionId}
          ending={end.isPending ? end.variables.sessionId : null}
          onEnd={(id) => end.mutate({ sessionId: id })}
        />
      </Stack>
      <ConfirmDialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={t("endOthersTitle")}
        effect={t("endOthersEffect", { count: others })}
        reason="none"
        confirmLabel={t("endOthers")}
        onConfirm={async () => {
          const { ended } = await endOthers.mutateAsync();
          showDone({ message: t("endedMany", { count: ended }) });
        }}
      />
    </Section>
  );
}
