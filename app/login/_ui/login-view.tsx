"use client";
import { Alert, Code, Divider, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { ProviderError } from "../provider-error.ts";
import { DoorCard } from "./door-card.tsx";
import { LoginForm } from "./login-form.tsx";
import { ProviderButton } from "./provider-button.tsx";

interface Login {
  next: string;
  /** A session has ended. */
  ended: boolean;
  /** Whether a name and a password open the console. */
  passwords: boolean;
  /** What the identity provider is called; null: there is none. */
  provider: string | null;
  /** Why coming back from it failed. */
  error: ProviderError | null;
}

export function LoginView({ next, ended, passwords, provider, error }: Login) {
  const t = useTranslations("login");
  return (
    <DoorCard heading={t("heading")}>
      {provider !== null && error !== null && (
        <Alert color="red" role="alert">
          {t(`providerError.${error}`, { name: provider })}
        </Alert>
      )}
      {ended && error === null && !passwords && <Alert color="lake">{t("ended")}</Alert>}
      {provider !== null && <ProviderButton name={provider} next={next} />}
      {provider !== null && passwords && <Divider label={t("or")} />}
      {passwords && (
        <>
          <LoginForm next={next} ended={ended && error === null} />
          <Text size="sm" c="dimmed" component="div">
            {t("forgotten")}{" "}
            <Code block mt={6}>
              npx surelay users reset-password
            </Code>
          </Text>
        </>
      )}
    </DoorCard>
  );
}
