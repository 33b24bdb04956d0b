"use client";
import { Button, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import { PasswordForm } from "../(console)/account/_ui/password-form.tsx";
import { signOut } from "../_ui/sign-out.ts";
import { DoorCard } from "../login/_ui/door-card.tsx";

export function ReplaceView({ username }: { username: string }) {
  const t = useTranslations("login.temporary");
  return (
    <DoorCard heading={t("heading")}>
      <Text size="sm">{t("text", { name: username })}</Text>
      <PasswordForm username={username} submit={t("submit")} onDone={() => location.assign("/")} />
      <Button variant="subtle" color="gray" onClick={() => void signOut()}>
        {t("signOut")}
      </Button>
    </DoorCard>
  );
}
