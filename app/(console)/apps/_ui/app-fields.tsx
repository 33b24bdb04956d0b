"use client";
import { NumberInput, Stack, TextInput } from "@mantine/core";
import { useTranslations } from "next-intl";
import { APP_NAME_RULES, CHECK_AFTER_SECONDS, CONTACT_LENGTH } from "@/server/domain/registry-rules.ts";
import { NameField } from "../../_registry/_ui/name-field.tsx";
import { CheckPolicyFields } from "./check-policy-fields.tsx";
import { type AppDraft, faultsOf } from "./app-draft.ts";

interface AppForm {
  draft: AppDraft;
  onChange: (draft: AppDraft) => void;
  /** An app keeps its name for good: its messages are stored under it. */
  named?: boolean;
}

/** What an app declares. */
export function AppFormFields({ draft, onChange, named = false }: AppForm) {
  const t = useTranslations("apps");
  const faults = faultsOf(draft);
  const set = (part: Partial<AppDraft>) => onChange({ ...draft, ...part });
  return (
    <Stack gap="sm">
      {!named && (
        <NameField
          label={t("name")}
          description={t("nameHint")}
          rules={APP_NAME_RULES}
          textOf={(rule) => t(`nameRules.${rule}`)}
          value={draft.name}
          onChange={(name) => set({ name })}
        />
      )}
      <TextInput
        label={t("contact")}
        description={t("contactHint")}
        data-autofocus={named || undefined}
        maxLength={CONTACT_LENGTH}
        value={draft.contact}
        onChange={(event) => set({ contact: event.currentTarget.value })}
      />
      <TextInput
        label={t("checkUrl")}
        description={t("checkUrlHint")}
        type="url"
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        placeholder="https://orders.example.com/check"
        value={draft.checkUrl}
        onChange={(event) => set({ checkUrl: event.currentTarget.value })}
        error={faults.has("checkUrl") ? t("checkUrlFault") : undefined}
      />
      <NumberInput
        label={t("checkAfter")}
        description={t("checkAfterHint")}
        suffix={` ${t("seconds")}`}
        allowDecimal={false}
        allowNegative={false}
        hideControls
        value={draft.checkAfterSeconds}
        onChange={(value) => set({ checkAfterSeconds: value })}
        error={faults.has("checkAfterSeconds") ? t("checkAfterFault", CHECK_AFTER_SECONDS) : undefined}
      />
      <CheckPolicyFields draft={draft} onChange={onChange} faults={faults} />
    </Stack>
  );
}
