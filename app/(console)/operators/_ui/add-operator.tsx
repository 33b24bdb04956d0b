"use client";
import { Radio, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { isUsername, normaliseUsername } from "@/server/domain/operator-account.ts";
import { useTRPC } from "../../../_trpc/client.ts";
import { ConfirmDialog } from "../../../_ui/confirm-dialog.tsx";
import { showDone } from "../../../_ui/toasts.ts";
import type { Ways } from "./operator-item.ts";
import { PasswordOnce } from "./password-once.tsx";
import { RoleChoice, type RoleName } from "./role-choice.tsx";

interface Add {
  opened: boolean;
  onClose: () => void;
  /** Names that are in use. */
  taken: readonly string[];
  ways: Ways;
}

type SignIn = "password" | "oidc";

/** Adds an operator; a made password is shown once, after the dialog. */
export function AddOperator({ opened, onClose, taken, ways }: Add) {
  const t = useTranslations("operators.addDialog");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [username, setUsername] = useState("");
  const [name, setName] = useState("");
  const [role, setRole] = useState<RoleName>("viewer");
  const [chosen, setSignIn] = useState<SignIn>("password");
  const [made, setMade] = useState<{ username: string; password: string } | null>(null);
  const add = useMutation(
    trpc.operators.add.mutationOptions({
      onSuccess: () => queries.invalidateQueries(trpc.operators.list.queryFilter()),
    }),
  );
  const signIn: SignIn = ways.passwords ? (ways.provider ? chosen : "password") : "oidc";
  const normalised = normaliseUsername(username);
  const fault = !isUsername(normalised)
    ? t("usernameWrong")
    : taken.includes(normalised)
      ? t("usernameTaken")
      : null;

  function leave() {
    setUsername("");
    setName("");
    setRole("viewer");
    setSignIn("password");
    onClose();
  }

  return (
    <>
      <ConfirmDialog
        opened={opened}
        onClose={leave}
        title={t("title")}
        effect={t("effect")}
        reason="optional"
        confirmLabel={t("confirm")}
        blocked={username === "" ? t("usernameHint") : fault}
        onConfirm={async (reason) => {
          const answer = await add.mutateAsync({
            username: normalised,
            name,
            role,
            signIn,
            reason: reason === "" ? null : reason,
          });
          if (answer.password === null) showDone({ message: t("done", { name: answer.username }) });
          else setMade({ username: answer.username, password: answer.password });
        }}
      >
        <Stack gap="md">
          <TextInput
            label={t("username")}
            description={t("usernameHint")}
            value={username}
            onChange={(event) => setUsername(event.currentTarget.value)}
            error={username !== "" && fault !== null ? fault : undefined}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            required
            data-autofocus
          />
          <TextInput
            label={t("name")}
            description={t("nameHint")}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            autoComplete="off"
            maxLength={100}
          />
          <RoleChoice label={t("role")} value={role} onChange={setRole} />
          {ways.passwords && ways.provider && (
            <Radio.Group
              label={t("signIn")}
              value={signIn}
              onChange={(value) => setSignIn(value === "oidc" ? "oidc" : "password")}
            >
              <Stack gap={6} mt={6}>
                <Radio value="password" label={t("byPassword")} />
                <Radio value="oidc" label={t("byProvider")} />
              </Stack>
            </Radio.Group>
          )}
        </Stack>
      </ConfirmDialog>
      <PasswordOnce made={made} onClose={() => setMade(null)} />
    </>
  );
}
