"use client";
import { NumberInput, SimpleGrid, Stack, Text, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { CHECK_DEFAULTS, CHECK_FIELDS, CHECK_LIMITS } from "@/server/domain/check-policy.ts";
import { type AppDraft, type AppFault, EMPTY_APP, fieldsOf } from "./app-draft.ts";
import { CheckSchedule } from "./check-schedule.tsx";

interface PolicyForm {
  draft: AppDraft;
  onChange: (draft: AppDraft) => void;
  faults: ReadonlySet<AppFault>;
}

/** How an app is asked; whatever is left empty is as the defaults say. */
export function CheckPolicyFields({ draft, onChange, faults }: PolicyForm) {
  const t = useTranslations("apps");
  const declared = CHECK_FIELDS.some((field) => draft.check[field] !== EMPTY_APP.check[field]);
  const [open, setOpen] = useState(declared);
  const faulty = CHECK_FIELDS.some((field) => faults.has(field));
  const shown = open || faulty;
  const Mark = shown ? IconChevronDown : IconChevronRight;
  return (
    <Stack gap="xs">
      <UnstyledButton onClick={() => setOpen(!open)} aria-expanded={shown} data-policy w="fit-content">
        <Text size="sm" fw={600} component="span" style={{ display: "inline-flex", gap: 4 }}>
          <Mark size={18} aria-hidden /> {t("policy.title")}
        </Text>
      </UnstyledButton>
      {shown && (
        <>
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="xs">
            {CHECK_FIELDS.map((field) => (
              <NumberInput
                key={field}
                size="sm"
                label={t(`policy.${field}`)}
                placeholder={t("policy.default", { value: CHECK_DEFAULTS[field] })}
                allowNegative={false}
                hideControls
                value={draft.check[field]}
                onChange={(value) => onChange({ ...draft, check: { ...draft.check, [field]: value } })}
                error={faults.has(field) ? t("policy.fault", CHECK_LIMITS[field]) : undefined}
              />
            ))}
          </SimpleGrid>
          {!faulty && !faults.has("checkAfterSeconds") && (
            <CheckSchedule check={fieldsOf(draft).check} afterSeconds={fieldsOf(draft).checkAfterSeconds} />
          )}
        </>
      )}
    </Stack>
  );
}
