"use client";
import { Group, Progress, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import { ratePassword } from "@/server/domain/judge-password.ts";

const LOOK = {
  0: { key: "r0", color: "red" },
  1: { key: "r1", color: "orange" },
  2: { key: "r2", color: "yellow" },
  3: { key: "r3", color: "teal" },
  4: { key: "r4", color: "teal" },
} as const;

/** How hard a password is to guess, while it is typed; in words as well as in colour. */
export function PasswordStrength({ password, username }: { password: string; username: string }) {
  const t = useTranslations("account.password");
  const rating = ratePassword(password, username);
  const { key, color } = LOOK[rating];
  if (password === "") return null;
  const word = t(`rating.${key}`);
  return (
    <Group gap="xs" mt={6} wrap="nowrap">
      <Progress.Root size="sm" flex={1}>
        <Progress.Section
          value={Math.max(6, rating * 25)}
          color={color}
          aria-label={t("strength")}
          aria-valuetext={word}
        />
      </Progress.Root>
      <Text size="xs" miw="5.5rem" component="output">
        {word}
      </Text>
    </Group>
  );
}
