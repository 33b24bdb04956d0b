"use client";
import { Alert, Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useMounted } from "@mantine/hooks";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { type SignInOutcome, signIn } from "./sign-in.ts";

/** `method="post"`: should the form be sent before its script runs, the password must not land in the address. */
export function LoginForm({ next, ended }: { next: string; ended: boolean }) {
  const t = useTranslations("login");
  const ready = useMounted();
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<SignInOutcome | null>(null);

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    setBusy(true);
    const result = await signIn(fields.get("username") as string, fields.get("password") as string);
    setOutcome(result);
    if (result.kind === "in") location.assign(next);
    else setBusy(false);
  }

  return (
    <form method="post" onSubmit={(event) => void submit(event)}>
      <Stack>
        {ended && outcome === null && <Alert color="lake">{t("ended")}</Alert>}
        {outcome !== null && outcome.kind !== "in" && (
          <Alert color="red" role="alert">
            {outcome.kind === "throttled" ? t("throttled", { seconds: outcome.seconds }) : t(outcome.kind)}
          </Alert>
        )}
        <TextInput
          name="username"
          label={t("username")}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          withAsterisk={false}
          data-autofocus
        />
        <PasswordInput
          name="password"
          label={t("password")}
          autoComplete="current-password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ "aria-label": t("showPassword") }}
        />
        <Button type="submit" fullWidth disabled={!ready} loading={busy}>
          {t("submit")}
        </Button>
      </Stack>
    </form>
  );
}
