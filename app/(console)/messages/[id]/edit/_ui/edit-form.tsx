"use client";
import { Alert, Button, Group, Radio, Stack, Text, Textarea } from "@mantine/core";
import { IconBinary, IconIndentIncrease, IconSend } from "@tabler/icons-react";
import type { inferRouterOutputs } from "@trpc/server";
import { useTranslations } from "next-intl";
import dynamic from "next/dynamic";
import { useMemo, useState } from "react";
import type { AppRouter } from "@/server/trpc/router.ts";
import { Fact, Facts } from "../../../../../_ui/facts.tsx";
import { GatedButton } from "../../../../../_ui/gated-button.tsx";
import { Section } from "../../../../../_ui/section.tsx";
import { LineDiff } from "../../../../_diff/_ui/line-diff.tsx";
import { indentJson } from "../../_ui/payload/indent-json.ts";
import { editBlock } from "../../_ui/actions/action-blocks.ts";
import type { Message } from "../../_ui/message-type.ts";
import classes from "./edit-form.module.css";
import { editableText, isJsonType, jsonFaultOf } from "./edit-text.ts";
import { PayloadTrial } from "./payload-trial.tsx";
import type { SentAs } from "./send-dialog.tsx";

const SendDialog = dynamic(() => import("./send-dialog.tsx").then((m) => m.SendDialog), { ssr: false });

type Content = inferRouterOutputs<AppRouter>["messages"]["version"];

interface EditProps {
  message: Message;
  /** What the editor begins with. */
  base: Content;
  /** The newest version there is. */
  newest: number;
  /** The newest version that the author was told of. */
  seen: number;
  onSeen: (version: number) => void;
}

/** The editor: what it held, what it is to hold, whether that fits the topic's schema, as whom it goes out. */
export function EditForm({ message, base, newest, seen, onSeen }: EditProps) {
  const t = useTranslations("editMessage");
  const states = useTranslations("states");
  const before = useMemo(() => editableText(base.base64, base.contentType), [base]);
  const [text, setText] = useState(before?.text ?? "");
  const dead = message.deliveries.filter(({ state }) => state === "DEAD").length;
  const [sentAs, setSentAs] = useState<SentAs>(dead > 0 ? "redrive" : "resend");
  const [opened, setOpened] = useState(false);
  const [wanted, setWanted] = useState(false);
  if (before === null)
    return (
      <Alert color="lake" icon={<IconBinary aria-hidden />} title={t("bytesTitle")}>
        {t("bytes")}
      </Alert>
    );
  const fault = jsonFaultOf(text, base.contentType);
  const sent = before.restore(text);
  const same = sent === before.payload;
  // As a new message it may be what it was: consumers that have handled this one skip its id whenever they see it.
  const nothingNew = same && base.version === newest && sentAs !== "new_id";
  const laidOut = isJsonType(base.contentType) && fault === null ? indentJson(text) : text;
  // What was chosen stays in sight when it has become impossible: nothing else is chosen in its author's name.
  const choices: SentAs[] =
    dead > 0 || sentAs === "redrive" ? ["redrive", "resend", "new_id"] : ["resend", "new_id"];
  const blocked = editBlock(message)
    ? t("wrongState", { state: states(message.state) })
    : fault !== null
      ? t("faulty")
      : sentAs === "redrive" && dead === 0
        ? t("noneDead")
        : nothingNew
          ? t("same")
          : null;
  return (
    <div className={classes.columns}>
      <Section
        title={t("payload")}
        aside={
          <Button
            size="compact-xs"
            variant="subtle"
            disabled={laidOut === text}
            leftSection={<IconIndentIncrease size={14} aria-hidden />}
            onClick={() => setText(laidOut)}
          >
            {t("layOut")}
          </Button>
        }
      >
        <Stack gap="sm">
          <Textarea
            aria-label={t("payload")}
            autosize
            minRows={12}
            maxRows={30}
            spellCheck={false}
            classNames={{ input: classes.code }}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            error={fault === null ? undefined : t("notJson", { fault })}
          />
          {fault === null && <PayloadTrial topic={message.topic} payload={text} />}
        </Stack>
      </Section>
      <Stack>
        <Section title={t("changes")}>
          {same ? (
            <Text size="sm" c="dimmed">
              {t("same")}
            </Text>
          ) : (
            <LineDiff before={before.text} after={text} what={t("changes")} />
          )}
        </Section>
        <Section title={t("locked")}>
          <Stack gap="xs">
            <Text size="sm" c="dimmed">
              {t("lockedText")}
            </Text>
            <Facts>
              {Object.entries({ "content-type": base.contentType, ...base.headers }).map(([name, value]) => (
                <Fact key={name} name={name} mono>
                  {value}
                </Fact>
              ))}
            </Facts>
          </Stack>
        </Section>
        <Section title={t("as.title")}>
          <Stack gap="md">
            <Radio.Group
              aria-label={t("as.title")}
              value={sentAs}
              onChange={(value) => setSentAs(choices.find((one) => one === value) ?? sentAs)}
            >
              <Stack gap="sm">
                {choices.map((value) => (
                  <Radio
                    key={value}
                    value={value}
                    label={
                      value === "redrive" ? t("as.redrive.label", { count: dead }) : t(`as.${value}.label`)
                    }
                    description={t(`as.${value}.text`, { topic: message.topic })}
                  />
                ))}
              </Stack>
            </Radio.Group>
            <Group justify="flex-end">
              <GatedButton
                permission="message.edit"
                data-action="send-edited"
                blocked={blocked}
                leftSection={<IconSend size={16} aria-hidden />}
                onClick={() => {
                  setWanted(true);
                  setOpened(true);
                }}
              >
                {t("send")}
              </GatedButton>
            </Group>
          </Stack>
        </Section>
      </Stack>
      {wanted && (
        <SendDialog
          opened={opened}
          onClose={() => setOpened(false)}
          message={message}
          base={base}
          seen={seen}
          onSeen={onSeen}
          payload={sent}
          sentAs={sentAs}
          dead={dead}
          blocked={blocked}
        />
      )}
    </div>
  );
}
