"use client";
import { ActionIcon, Button, Divider, Popover, Stack, Text } from "@mantine/core";
import { IconKeyboard, IconLogout, IconShieldCheck, IconUserCircle, IconUserCog } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { useState } from "react";
import { openShortcutHelp } from "../_keyboard/keyboard-root.tsx";
import { useConsoleFacts } from "./console-context.tsx";
import { useOperator } from "./operator-context.tsx";
import { roleKey } from "./role-key.ts";
import { signOut } from "./sign-out.ts";

const LINKS = [
  { name: "own", href: "/account", icon: IconUserCog },
  { name: "permissions", href: "/account/permissions", icon: IconShieldCheck },
] as const;

/** Who is signed in, as what; the own account, and the way out. */
export function AccountMenu() {
  const t = useTranslations();
  const operator = useOperator();
  const { version } = useConsoleFacts();
  const [opened, setOpened] = useState(false);
  const label = t("app.account", { name: operator.username });
  const close = () => setOpened(false);
  const item = {
    size: "sm",
    variant: "subtle",
    color: "gray",
    c: "var(--mantine-color-text)",
    justify: "start",
  } as const;
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      position="bottom-end"
      withinPortal={false}
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          c="var(--mantine-color-text)"
          size="lg"
          aria-label={label}
          onClick={() => setOpened((before) => !before)}
        >
          <IconUserCircle size={22} stroke={1.7} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={label} p="xs" miw={230}>
        <Stack gap={2}>
          <div style={{ padding: "0.35rem 0.6rem" }}>
            <Text fw={600} size="sm">
              {operator.name}
            </Text>
            <Text size="xs" c="dimmed">
              {operator.username} · {t(`roles.${roleKey(operator.role)}`)}
            </Text>
          </div>
          <Divider my={4} />
          {LINKS.map(({ name, href, icon: LinkIcon }) => (
            <Button
              key={name}
              component={Link}
              href={href}
              {...item}
              leftSection={<LinkIcon size={16} aria-hidden />}
              onClick={close}
            >
              {t(`app.accountLinks.${name}`)}
            </Button>
          ))}
          <Button
            {...item}
            leftSection={<IconKeyboard size={16} aria-hidden />}
            onClick={() => {
              close();
              openShortcutHelp();
            }}
          >
            {t("keyboard.title")}
          </Button>
          <Divider my={4} />
          <Button {...item} leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void signOut()}>
            {t("account.signOut")}
          </Button>
          <Text size="xs" c="dimmed" px={10} py={4}>
            {t("app.version", { version })}
          </Text>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
