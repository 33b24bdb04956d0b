"use client";
import {
  Checkbox,
  NumberInput,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { ACK_MODES } from "@/server/domain/delivery-state.ts";
import { SUBSCRIPTION_LIMITS, SUBSCRIPTION_NAME_LENGTH } from "@/server/domain/subscription.ts";
import { useTRPC } from "../../../_trpc/client.ts";
import { RetryPicture } from "./retry-picture.tsx";
import {
  type FormField,
  type NumberField,
  type SubscriptionForm,
  changeMode,
  faultsOf,
  isTrackedMode,
  numbersOf,
  specFrom,
} from "./subscription-draft.ts";

interface FieldsProps {
  form: SubscriptionForm;
  onChange: (form: SubscriptionForm) => void;
  /** Topic, name and mode stay what they are: deliveries that stand were made for them. */
  declared?: boolean;
}

const asIs = { autoComplete: "off", spellCheck: false } as const;
const SCHEDULE_FIELDS: readonly NumberField[] = ["firstDelaySeconds", "factor", "maxDelaySeconds", "jitter"];

/** What a subscription declares, with its retry schedule drawn as it is typed. */
export function SubscriptionFields({ form, onChange, declared = false }: FieldsProps) {
  const t = useTranslations("subscriptions");
  const trpc = useTRPC();
  const names = useQuery(trpc.messages.filterNames.queryOptions());
  const faults = faultsOf(form);
  const set = (part: Partial<SubscriptionForm>) => onChange({ ...form, ...part });
  const tracked = isTrackedMode(form.ack);
  return (
    <Stack gap="sm">
      {!declared && (
        <>
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="xs">
            <Select
              label={t("topic")}
              withAsterisk
              required
              searchable
              nothingFoundMessage={t("noSuchTopic")}
              value={form.topic === "" ? null : form.topic}
              onChange={(topic) => set({ topic: topic ?? "" })}
              data={names.data?.topics.map(({ name }) => name) ?? (form.topic === "" ? [] : [form.topic])}
            />
            <TextInput
              {...asIs}
              label={t("name")}
              withAsterisk
              required
              data-autofocus
              maxLength={SUBSCRIPTION_NAME_LENGTH}
              value={form.name}
              onChange={(event) => set({ name: event.currentTarget.value })}
              error={form.name !== "" && faults.has("name") ? t("nameFault") : undefined}
            />
          </SimpleGrid>
          <Text size="xs" c="dimmed">
            {t("nameHint")}
          </Text>
          <div>
            <Text size="sm" fw={600} mb={2}>
              {t("mode")}
            </Text>
            <SegmentedControl
              size="xs"
              aria-label={t("mode")}
              value={form.ack}
              onChange={(ack) => onChange(changeMode(form, ack))}
              data={ACK_MODES.map((value) => ({ value, label: t(`modes.${value}.name`) }))}
            />
            <Text size="xs" c="dimmed">
              {t(`modes.${form.ack}.hint`)}
            </Text>
          </div>
        </>
      )}
      {form.ack === "webhook" && (
        <TextInput
          {...asIs}
          label={t("webhookUrl")}
          description={t("webhookUrlHint")}
          withAsterisk
          required
          data-autofocus={declared || undefined}
          value={form.url}
          onChange={(event) => set({ url: event.currentTarget.value })}
          error={form.url !== "" && faults.has("url") ? t("webhookUrlFault") : undefined}
        />
      )}
      {tracked && <RetryFields form={form} set={set} faults={faults} />}
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="xs">
        <Select
          label={t("app")}
          description={t("appHint")}
          placeholder={t("anyApp")}
          searchable
          clearable
          nothingFoundMessage={t("noSuchApp")}
          value={form.app === "" ? null : form.app}
          onChange={(app) => set({ app: app ?? "" })}
          data={names.data?.apps ?? (form.app === "" ? [] : [form.app])}
        />
        {form.ack !== "webhook" && (
          <TextInput
            {...asIs}
            label={t("group")}
            description={t("groupHint")}
            placeholder={form.name}
            value={form.groupId}
            onChange={(event) => set({ groupId: event.currentTarget.value })}
            error={faults.has("groupId")}
          />
        )}
      </SimpleGrid>
      {tracked && (
        <Checkbox
          label={t("deadLetterTopic")}
          description={t("deadLetterHint")}
          checked={form.deadLetterTopic}
          onChange={(event) => set({ deadLetterTopic: event.currentTarget.checked })}
        />
      )}
      {form.ack === "explicit" && (
        <Checkbox
          label={t("ordered")}
          description={t("orderedHint")}
          checked={form.ordered}
          onChange={(event) => set({ ordered: event.currentTarget.checked })}
        />
      )}
    </Stack>
  );
}

interface RetryProps {
  form: SubscriptionForm;
  set: (part: Partial<SubscriptionForm>) => void;
  faults: ReadonlySet<FormField>;
}

/** How often, how long apart, how much at once; drawn as soon as it can be. */
function RetryFields({ form, set, faults }: RetryProps) {
  const t = useTranslations("subscriptions");
  const numbers = numbersOf(form);
  const limits = numbers.filter((field) => !SCHEDULE_FIELDS.includes(field));
  const drawable = ![...faults].some((field) => field !== "name" && field !== "topic" && field !== "url");
  const { retry, ackTimeoutSeconds, webhook } = specFrom(form);
  return (
    <>
      <div>
        <Text size="sm" fw={600} mb={2}>
          {t("schedule")}
        </Text>
        <SegmentedControl
          size="xs"
          aria-label={t("schedule")}
          value={form.schedule}
          onChange={(schedule) => set({ schedule })}
          data={(["exponential", "ladder"] as const).map((value) => ({
            value,
            label: t(`schedules.${value}`),
          }))}
        />
      </div>
      {form.schedule === "ladder" && (
        <TextInput
          {...asIs}
          label={t("ladder")}
          description={t("ladderHint")}
          value={form.ladder}
          onChange={(event) => set({ ladder: event.currentTarget.value })}
          error={
            faults.has("ladder") ? t(form.ladder.trim() === "" ? "ladderEmpty" : "ladderFault") : undefined
          }
        />
      )}
      <SimpleGrid cols={{ base: 2, xs: 4 }} spacing="sm" verticalSpacing="xs" style={{ alignItems: "end" }}>
        {numbers
          .filter((field) => SCHEDULE_FIELDS.includes(field))
          .map((field) => (
            <NumberField key={field} field={field} form={form} set={set} faults={faults} />
          ))}
      </SimpleGrid>
      <SimpleGrid cols={{ base: 2, xs: 4 }} spacing="sm" verticalSpacing="xs" style={{ alignItems: "end" }}>
        {limits.map((field) => (
          <NumberField key={field} field={field} form={form} set={set} faults={faults} />
        ))}
      </SimpleGrid>
      {drawable && (
        <RetryPicture
          schedule={retry}
          maxAttempts={retry.maxAttempts}
          timeoutSeconds={webhook?.timeoutSeconds ?? ackTimeoutSeconds}
        />
      )}
    </>
  );
}

const IN_SECONDS: readonly NumberField[] = [
  "ackTimeoutSeconds",
  "firstDelaySeconds",
  "maxDelaySeconds",
  "timeoutSeconds",
];
const WHOLE_HINT: readonly NumberField[] = ["firstDelaySeconds", "factor", "maxDelaySeconds", "jitter"];

function NumberField({ field, form, set, faults }: RetryProps & { field: NumberField }) {
  const t = useTranslations("subscriptions");
  return (
    <NumberInput
      size="sm"
      label={t(field)}
      placeholder={field === "ratePerSecond" ? t("unlimited") : undefined}
      suffix={IN_SECONDS.includes(field) ? t("seconds") : undefined}
      allowNegative={false}
      hideControls
      value={form[field]}
      onChange={(value) => set({ [field]: value })}
      error={
        faults.has(field)
          ? t(WHOLE_HINT.includes(field) ? "numberFault" : "rateFault", SUBSCRIPTION_LIMITS[field])
          : undefined
      }
    />
  );
}
