"use client";
import { Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { IconIndentIncrease, IconPencil } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { SCHEMA_LENGTH } from "@/server/domain/registry-rules.ts";
import { useTRPC } from "../../../../_trpc/client.ts";
import { ConfirmDialog } from "../../../../_ui/confirm-dialog.tsx";
import { GatedButton } from "../../../../_ui/gated-button.tsx";
import { showDone } from "../../../../_ui/toasts.ts";
import { ConflictNote } from "../../../_registry/_ui/conflict.tsx";
import { LineDiff } from "../../../_diff/_ui/line-diff.tsx";
import classes from "./edit-schema.module.css";
import { SchemaTrial, useSchemaTrial } from "./schema-trial.tsx";
import { FIRST_SCHEMA, jsonFault, layOut, schemaText } from "./schema-text.ts";
import type { TopicDetail } from "./topic-detail.ts";
import { useTopicBase } from "./use-topic-base.ts";
import { useTopicRefresh } from "./use-topic-refresh.ts";

/**
 * Sets a topic's schema. While it is typed it is compiled, held against an example and against the newest messages, and
 * compared with what is stored.
 */
export function EditSchema({ topic }: { topic: TopicDetail }) {
  const t = useTranslations("topics");
  const trpc = useTRPC();
  const refresh = useTopicRefresh();
  const [opened, setOpened] = useState(false);
  const { base, meanwhile, begin, startOver } = useTopicBase(topic);
  const [text, setText] = useState("");
  const [example, setExample] = useState("");
  const write = useMutation(trpc.topics.changeSchema.mutationOptions());
  const fault = jsonFault(text);
  const before = schemaText(base.schema);
  const same = fault === null && layOut(text) === before;
  const trial = useSchemaTrial({ topic: topic.name, schema: text, example }, opened && fault === null);
  const { name } = topic;

  function open() {
    begin();
    setText(schemaText(topic.schema) || FIRST_SCHEMA);
    setExample("");
    setOpened(true);
  }

  async function confirm(reason: string) {
    const result = await write.mutateAsync({ name, schema: text, seen: base.updatedAt, reason });
    if (result.kind === "changed_meanwhile") return startOver(result);
    await refresh();
    showDone({ message: t("schemaSaved", { name }) });
  }

  return (
    <>
      <GatedButton
        permission="topic.manage"
        data-action="edit-schema"
        size="xs"
        variant="default"
        leftSection={<IconPencil size={15} aria-hidden />}
        onClick={open}
      >
        {topic.schema === null ? t("schemaAdd") : t("schemaEdit")}
      </GatedButton>
      <ConfirmDialog
        opened={opened}
        onClose={() => setOpened(false)}
        title={t("schemaTitle", { name })}
        effect={t("schemaEffect")}
        reason="optional"
        confirmLabel={t("save")}
        blocked={
          fault !== null || trial.fault !== null ? t("schemaFaulty") : same ? t("nothingChanged") : null
        }
        onConfirm={confirm}
      >
        <Stack gap="md">
          <ConflictNote meanwhile={meanwhile} />
          <div>
            <Textarea
              label={t("schema")}
              data-autofocus
              autosize
              minRows={8}
              maxRows={18}
              maxLength={SCHEMA_LENGTH}
              spellCheck={false}
              classNames={{ input: classes.code }}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              error={fault === null ? undefined : fault === "" ? t("notObject") : t("notJson", { fault })}
            />
            <Group justify="flex-end" mt={4}>
              <Button
                size="compact-xs"
                variant="subtle"
                disabled={fault !== null || layOut(text) === text}
                leftSection={<IconIndentIncrease size={14} aria-hidden />}
                onClick={() => setText(layOut(text))}
              >
                {t("layOut")}
              </Button>
            </Group>
          </div>
          <Textarea
            label={t("example")}
            description={t("exampleHint")}
            autosize
            minRows={2}
            maxRows={10}
            maxLength={SCHEMA_LENGTH}
            spellCheck={false}
            classNames={{ input: classes.code }}
            value={example}
            onChange={(event) => setExample(event.currentTarget.value)}
          />
          {fault === null && <SchemaTrial trial={trial} />}
          {fault === null && !same && (
            <div>
              <Text size="sm" fw={600} mb={4}>
                {t("schemaChanges")}
              </Text>
              <LineDiff before={before} after={layOut(text)} what={t("schemaChanges")} />
            </div>
          )}
        </Stack>
      </ConfirmDialog>
    </>
  );
}
