"use client";
import { Button, Code, Group, Modal, Stack, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import { CopyValue } from "../../../_ui/copy-value.tsx";

interface Once {
  /** Null: nothing to show. */
  made: { username: string; password: string } | null;
  onClose: () => void;
}

/** A made password, shown this once. Closed by its button alone: a slip must not lose it. */
export function PasswordOnce({ made, onClose }: Once) {
  const t = useTranslations("operators.passwordOnce");
  return (
    <Modal
      opened={made !== null}
      onClose={onClose}
      title={made === null ? "" : t("title", { name: made.username })}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
      centered
    >
      {made !== null && (
        <Stack gap="md">
          <Text size="sm">{t("text")}</Text>
          <Group gap="xs" wrap="nowrap">
            <Code fz="md" px="sm" py={6} aria-label={t("password")} data-password>
              {made.password}
            </Code>
            <CopyValue value={made.password} what={t("password")} />
          </Group>
          <Group justify="end">
            <Button onClick={onClose} data-autofocus>
              {t("close")}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
