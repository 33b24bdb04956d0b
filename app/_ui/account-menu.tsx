"use client";
import { ActionIcon, Menu, Text } from "@mantine/core";
import { IconLogout, IconUserCircle } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useOperator } from "./operator-context.tsx";
import { roleKey } from "./role-key.ts";
import { signOut } from "./sign-out.ts";

/** Who is signed in, as what, and the way out. */
export function AccountMenu({ version }: { version: string }) {
  const t = useTranslations();
  const operator = useOperator();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          c="var(--mantine-color-text)"
          size="lg"
          aria-label={t("account.menu", { name: operator.username })}
        >
          <IconUserCircle size={22} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label c="var(--mantine-color-text)">
          <Text fw={600} size="sm">
            {operator.name}
          </Text>
          <Text size="xs" c="dimmed">
            {t("account.role")}: {t(`roles.${roleKey(operator.role)}`)}
          </Text>
          <Text size="xs" c="dimmed">
            {t("account.version", { version })}
          </Text>
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void signOut()}>
          {t("account.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
