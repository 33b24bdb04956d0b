"use client";
import { Alert, Button, Group, PasswordInput, Stack, Text } from "@mantine/core";
import { useMounted } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import {
  MAX_PASSWORD_LENGTH,
  MIN_PASSWORD_LENGTH,
  type PasswordFault,
  judgePassword,
} from "@/server/domain/judge-password.ts";
import { useTRPC } from "../../../_trpc/client.ts";
import { errorKind } from "../../../_ui/error-code.ts";
import { ErrorText } from "../../../_ui/error-text.tsx";
import { PasswordStrength } from "./password-strength.tsx";

interface Form {
  username: string;
  submit: string;
  /** @param endedSessions how many other sessions ended with it */
  onDone: (endedSessions: number) => void;
}

type Fault = PasswordFault | "same" | "differs" | null;

/** Replaces the own password: the present one, the new one twice, judged as it is typed. */
export function PasswordForm({ username, submit, onDone }: Form) {
  const t = useTranslations("account.password");
  const trpc = useTRPC();
  const ready = useMounted();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [repeat, setRepeat] = useState("");
  const [asked, setAsked] = useState(false);
  const change = useMutation(
    trpc.account.changePassword.mutationOptions({
      onSuccess: ({ endedSessions }) => {
        setCurrent("");
        setNext("");
        setRepeat("");
        setAsked(false);
        onDone(endedSessions);
      },
    }),
  );
  const fault: Fault = judgePassword(next, username) ?? (next === current ? "same" : null);
  const repeatFault: Fault = repeat === next ? null : "differs";
  const wrong = change.isError && errorKind(change.error) === "forbidden";

  function tell(found: Fault): string | undefined {
    if (!asked || found === null) return undefined;
    if (found === "same" || found === "differs") return t(found);
    return t(`fault.${found}`, { count: found === "too_long" ? MAX_PASSWORD_LENGTH : MIN_PASSWORD_LENGTH });
  }

  function send(event: FormEvent) {
    event.preventDefault();
    setAsked(true);
    if (fault === null && repeatFault === null && current !== "") change.mutate({ current, next });
  }

  const shared = {
    required: true,
    withAsterisk: false,
    visibilityToggleButtonProps: { "aria-label": t("show") },
  };
  return (
    <form method="post" onSubmit={send} noValidate>
      <Stack maw="26rem">
        {/* Password managers file the new password under this name. */}
        <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
        <PasswordInput
          {...shared}
          name="current"
          label={t("current")}
          autoComplete="current-password"
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
          error={wrong ? t("wrong") : undefined}
        />
        <div>
          <PasswordInput
            {...shared}
            name="next"
            label={t("next")}
            description={t("hint", { count: MIN_PASSWORD_LENGTH })}
            autoComplete="new-password"
            value={next}
            onChange={(event) => setNext(event.currentTarget.value)}
            error={tell(fault)}
          />
          <PasswordStrength password={next} username={username} />
        </div>
        <PasswordInput
          {...shared}
          name="repeat"
          label={t("repeat")}
          autoComplete="new-password"
          value={repeat}
          onChange={(event) => setRepeat(event.currentTarget.value)}
          error={tell(repeatFault)}
        />
        {change.isError && !wrong && (
          <Alert color="red" role="alert">
            <ErrorText error={change.error} />
          </Alert>
        )}
        <Text size="sm" c="dimmed">
          {t("effect")}
        </Text>
        <Group>
          <Button type="submit" disabled={!ready} loading={change.isPending}>
            {submit}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
