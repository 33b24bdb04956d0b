"use client";
import { Textarea } from "@mantine/core";
import { IconNote } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useTRPC } from "../../../../_trpc/client.ts";
import { ConfirmDialog } from "../../../../_ui/confirm-dialog.tsx";
import { GatedButton } from "../../../../_ui/gated-button.tsx";
import { showDone } from "../../../../_ui/toasts.ts";
import type { FailureDetail } from "../../_ui/failure-shape.ts";
import { useFailureRefresh } from "./use-failure-refresh.ts";

const NOTE_LENGTH = 2000;

/** Writes down what is known of a group. */
export function NoteGroup({ group }: { group: FailureDetail }) {
  const t = useTranslations("failures.note");
  const trpc = useTRPC();
  const refresh = useFailureRefresh();
  const [opened, setOpened] = useState(false);
  const [text, setText] = useState("");
  const write = useMutation(trpc.failures.note.mutationOptions());

  async function confirm() {
    await write.mutateAsync({ id: group.id, note: text });
    await refresh();
    showDone({ message: t("saved") });
  }

  return (
    <>
      <GatedButton
        permission="failure.note"
        data-action="note-group"
        variant="default"
        leftSection={<IconNote size={16} aria-hidden />}
        onClick={() => {
          setText(group.note ?? "");
          setOpened(true);
        }}
      >
        {t("button")}
      </GatedButton>
      <ConfirmDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={t("title")}
        effect={t("effect")}
        reason="none"
        confirmLabel={t("save")}
        onConfirm={confirm}
      >
        <Textarea
          label={t("label")}
          data-autofocus
          autosize
          minRows={3}
          maxRows={12}
          maxLength={NOTE_LENGTH}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </ConfirmDialog>
    </>
  );
}
