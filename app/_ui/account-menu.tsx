"use client";
import { ActionIcon, Button, Popover, Stack, Text } from "@mantine/core";
import { IconLogout, IconUserCircle } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useOperator } from "./operator-context.tsx";
import { roleKey } from "./role-key.ts";
import { signOut } from "./sign-out.ts";

/** Who is signed in, as what, and the way out. */
export function AccountMenu({ version }: { version: string }) {
  const t = useTranslations();
  const operator = useOperator();
  const label = t("account.menu", { name: operator.username });
  return (
    <Popover position="bottom-end" withinPortal={false} trapFocus returnFocus>
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" c="var(--mantine-color-text)" size="lg" aria-label={label}>
          <IconUserCircle size={22} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={label} p="sm" miw={200}>
        <Stack gap={4}>
          <Text fw={600} size="sm">
            {operator.name}
          </Text>
          <Text size="xs" c="dimmed">
            {t("account.role")}: {t(`roles.${roleKey(operator.role)}`)}
          </Text>
          <Text size="xs" c="dimmed">
            {t("account.version", { version })}
          </Text>
          <Button
            mt="xs"
            size="xs"
            variant="default"
            leftSection={<IconLogout size={16} aria-hidden />}
            onClick={() => void signOut()}
          >
            {t("account.signOut")}
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
