"use client";
import { SegmentedControl, Select, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import {
  COLUMN_LENGTH,
  CONNECTION_LENGTH,
  DEFAULT_TOPIC_PATTERN,
  OUTBOX_KINDS,
  OUTBOX_LAYOUTS,
  OUTBOX_NAME_LENGTH,
  TABLE_LENGTH,
  TOPIC_PATTERN_LENGTH,
} from "@/server/domain/outbox-source.ts";
import { useTRPC } from "../../../_trpc/client.ts";
import { DEFAULT_ORDER_COLUMN, type SourceDraft, faultsOf } from "./source-draft.ts";

interface SourceForm {
  draft: SourceDraft;
  onChange: (draft: SourceDraft) => void;
  /** A source keeps its name: how far it is collected is kept under it. */
  named?: boolean;
}

const asIs = { autoComplete: "off", spellCheck: false } as const;

/** What a source declares. Nothing is wrong with what was not begun. */
export function SourceFormFields({ draft, onChange, named = false }: SourceForm) {
  const t = useTranslations("outbox");
  const trpc = useTRPC();
  const names = useQuery(trpc.messages.filterNames.queryOptions());
  const faults = faultsOf(draft);
  const set = (part: Partial<SourceDraft>) => onChange({ ...draft, ...part });
  const debezium = draft.layout === "debezium";
  return (
    <Stack gap="sm">
      {!named && (
        <TextInput
          {...asIs}
          label={t("name")}
          description={t("nameHint")}
          withAsterisk
          required
          data-autofocus
          maxLength={OUTBOX_NAME_LENGTH}
          value={draft.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
          error={draft.name !== "" && faults.has("name") ? t("nameFault") : undefined}
        />
      )}
      <Select
        label={t("app")}
        description={t("appHint")}
        withAsterisk
        required
        searchable
        data-autofocus={named || undefined}
        nothingFoundMessage={t("noSuchApp")}
        value={draft.app === "" ? null : draft.app}
        onChange={(app) => set({ app: app ?? "" })}
        data={names.data?.apps ?? (draft.app === "" ? [] : [draft.app])}
      />
      <Choice
        label={t("kind")}
        value={draft.kind}
        options={OUTBOX_KINDS.map((value) => ({ value, label: t(`kinds.${value}`) }))}
        onChange={(kind) => set({ kind })}
      />
      <Choice
        label={t("layout")}
        hint={t(`layoutHint.${draft.layout}`)}
        value={draft.layout}
        options={OUTBOX_LAYOUTS.map((value) => ({ value, label: t(`layouts.${value}`) }))}
        onChange={(layout) => set({ layout })}
      />
      <TextInput
        {...asIs}
        label={t("connection")}
        description={t("connectionHint")}
        withAsterisk
        required
        maxLength={CONNECTION_LENGTH}
        value={draft.connection}
        onChange={(event) => set({ connection: event.currentTarget.value })}
        error={faults.has("connection") && draft.connection.length > 15 ? t("connectionFault") : undefined}
      />
      <TextInput
        {...asIs}
        label={t("table")}
        description={t("tableHint")}
        maxLength={TABLE_LENGTH}
        value={draft.table}
        onChange={(event) => set({ table: event.currentTarget.value })}
        error={faults.has("table") ? t("tableFault") : undefined}
      />
      {debezium && (
        <>
          <TextInput
            {...asIs}
            label={t("topicPattern")}
            description={t("topicPatternHint")}
            placeholder={DEFAULT_TOPIC_PATTERN}
            maxLength={TOPIC_PATTERN_LENGTH}
            value={draft.topicPattern}
            onChange={(event) => set({ topicPattern: event.currentTarget.value })}
            error={faults.has("topicPattern") ? t("topicPatternFault") : undefined}
          />
          <TextInput
            {...asIs}
            label={t("orderColumn")}
            description={t("orderColumnHint")}
            placeholder={DEFAULT_ORDER_COLUMN}
            maxLength={COLUMN_LENGTH}
            value={draft.orderColumn}
            onChange={(event) => set({ orderColumn: event.currentTarget.value })}
            error={faults.has("orderColumn") ? t("orderColumnFault") : undefined}
          />
        </>
      )}
    </Stack>
  );
}

function Choice<Value extends string>(props: {
  label: string;
  hint?: string;
  value: Value;
  options: { value: Value; label: string }[];
  onChange: (value: Value) => void;
}) {
  return (
    <div>
      <Text size="sm" fw={600} mb={2}>
        {props.label}
      </Text>
      <SegmentedControl
        size="xs"
        aria-label={props.label}
        value={props.value}
        onChange={props.onChange}
        data={props.options}
      />
      {props.hint !== undefined && (
        <Text size="xs" c="dimmed">
          {props.hint}
        </Text>
      )}
    </div>
  );
}
