"use client";
import { Checkbox, NumberInput, Select, Stack, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useFormatter, useTranslations } from "next-intl";
import { useState } from "react";
import { KEY_RATE, KEY_SCOPES, NOTE_LENGTH } from "@/server/domain/registry-rules.ts";
import { useTRPC } from "../../../_trpc/client.ts";
import { ConfirmForm } from "../../../_ui/confirm-form.tsx";
import { useKeyLimits } from "./key-limits.tsx";
import type { NewKey } from "./made-key.tsx";

interface KeyFormProps {
  app: string | undefined;
  onBusy: (busy: boolean) => void;
  onCancel: () => void;
  onMade: (key: NewKey) => void;
}

type Scope = (typeof KEY_SCOPES)[number];

/** Whose key, for what. */
export function KeyForm({ app: given, onBusy, onCancel, onMade }: KeyFormProps) {
  const t = useTranslations("keys");
  const format = useFormatter();
  const trpc = useTRPC();
  const { defaultRate } = useKeyLimits();
  const apps = useQuery(trpc.apps.list.queryOptions());
  const [app, setApp] = useState(given ?? null);
  const [scopes, setScopes] = useState<Scope[]>(["produce"]);
  const [note, setNote] = useState("");
  const [rate, setRate] = useState<number | string>("");
  const create = useMutation(trpc.keys.create.mutationOptions());
  const ratePerSecond = rate === "" ? null : Number(rate);
  const isRate =
    ratePerSecond === null ||
    (Number.isInteger(ratePerSecond) && ratePerSecond >= KEY_RATE.min && ratePerSecond <= KEY_RATE.max);

  async function confirm() {
    const wanted = { app: app ?? "", scopes, note: note.trim() || null, ratePerSecond };
    onMade({ ...(await create.mutateAsync(wanted)), app: wanted.app, scopes });
  }

  return (
    <ConfirmForm
      effect={t("makeEffect")}
      reason="none"
      confirmLabel={t("make")}
      blocked={app === null || scopes.length === 0 || !isRate ? t("incomplete") : null}
      onConfirm={confirm}
      onBusy={onBusy}
      onCancel={onCancel}
      onDone={() => undefined}
    >
      <Stack gap="sm">
        <Select
          label={t("app")}
          withAsterisk
          required
          searchable
          data-autofocus={given === undefined || undefined}
          value={app}
          onChange={setApp}
          data={[...new Set([...(apps.data ?? []).map(({ name }) => name), ...(given ? [given] : [])])]}
          placeholder={t("chooseApp")}
          nothingFoundMessage={t("noApps")}
        />
        <Checkbox.Group
          label={t("scopes")}
          withAsterisk
          value={scopes}
          onChange={(chosen) => setScopes(KEY_SCOPES.filter((scope) => chosen.includes(scope)))}
        >
          <Stack gap={6} mt={6}>
            {KEY_SCOPES.map((scope) => (
              <Checkbox
                key={scope}
                value={scope}
                label={t(`scope.${scope}`)}
                description={t(`scopeHint.${scope}`)}
              />
            ))}
          </Stack>
        </Checkbox.Group>
        <TextInput
          label={t("note")}
          description={t("noteHint")}
          data-autofocus={given !== undefined || undefined}
          maxLength={NOTE_LENGTH}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <NumberInput
          label={t("rate")}
          description={t("rateHint", { rate: format.number(defaultRate) })}
          suffix={t("rateSuffix")}
          allowDecimal={false}
          allowNegative={false}
          hideControls
          thousandSeparator=" "
          value={rate}
          onChange={setRate}
          error={isRate ? undefined : t("rateFault", KEY_RATE)}
        />
      </Stack>
    </ConfirmForm>
  );
}
