"use client";
import { Button, Chip, Group, Select } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useQueryStates } from "nuqs";
import { MESSAGE_STATES, type MessageState } from "@/server/domain/message-state.ts";
import { STATE_LOOK } from "../../../_ui/state-look.ts";
import { useTRPC } from "../../../_trpc/client.ts";
import { messageParams } from "../message-params.ts";
import classes from "./message-filters.module.css";

/** State and topic, held by the address. Another filter begins at the newest message again. */
export function MessageFilters() {
  const t = useTranslations();
  const trpc = useTRPC();
  const topics = useQuery(trpc.topics.list.queryOptions());
  const [params, setParams] = useQueryStates(messageParams, { history: "push" });
  const names = topics.data ?? [];
  const unknown = params.topic && !names.some(({ name }) => name === params.topic) ? [params.topic] : [];

  return (
    <section aria-label={t("messages.filters")} className={classes.filters}>
      <Chip.Group multiple value={params.state} onChange={(state) => void setParams({ state, before: null })}>
        <Group component="fieldset" gap={6} className={classes.states} aria-label={t("messages.stateFilter")}>
          {MESSAGE_STATES.map((state) => (
            <StateChip key={state} state={state} />
          ))}
        </Group>
      </Chip.Group>
      <Select
        className={classes.topic}
        aria-label={t("messages.topicFilter")}
        placeholder={t("messages.anyTopic")}
        searchable
        clearable
        value={params.topic}
        onChange={(topic) => void setParams({ topic, before: null })}
        data={[
          ...unknown,
          ...names.map(({ name, faulty }) => ({
            value: name,
            label: faulty ? t("messages.topicFaulty", { name }) : name,
          })),
        ]}
      />
      {(params.state.length > 0 || params.topic) && (
        <Button
          variant="subtle"
          leftSection={<IconX size={16} aria-hidden />}
          onClick={() => void setParams({ state: null, topic: null, before: null })}
        >
          {t("messages.clear")}
        </Button>
      )}
    </section>
  );
}

function StateChip({ state }: { state: MessageState }) {
  const t = useTranslations();
  const { icon: Icon } = STATE_LOOK[state];
  return (
    <Chip
      value={state}
      size="sm"
      variant="outline"
      icon={null}
      classNames={{ label: classes.chip, iconWrapper: classes.noMark }}
      title={t(`stateMeaning.${state}`)}
      style={{ "--chip-ink": `var(--state-${state}-ink)`, "--chip-fill": `var(--state-${state}-fill)` }}
    >
      <span className={classes.face}>
        <Icon size={15} aria-hidden />
        {t(`states.${state}`)}
      </span>
    </Chip>
  );
}
