"use client";
import { useMantineColorScheme } from "@mantine/core";
import {
  IconDeviceDesktop,
  IconKeyboard,
  IconLanguage,
  IconLogout,
  IconMoon,
  IconShieldCheck,
  IconSun,
  IconUserCog,
  IconWorldPin,
} from "@tabler/icons-react";
import { useLocale, useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { LOCALES, LOCALE_COOKIE, LOCALE_NAMES, TIME_ZONE_CHOICE_COOKIE } from "@/i18n/locales.ts";
import { Keys } from "../_keyboard/keys.tsx";
import { openShortcutHelp } from "../_keyboard/help-state.ts";
import { keepPreference } from "../_ui/keep-preference.ts";
import { signOut } from "../_ui/sign-out.ts";
import { useRoomGroups } from "../_ui/use-rooms.ts";
import type { PaletteEntry } from "./palette-entry.ts";

const look = { size: 17, stroke: 1.7, "aria-hidden": true } as const;
const SCHEMES = [
  { name: "light", icon: IconSun },
  { name: "dark", icon: IconMoon },
  { name: "auto", icon: IconDeviceDesktop },
] as const;

/** The rooms this operator may enter. */
export function useRoomEntries(): PaletteEntry[] {
  const t = useTranslations("nav");
  const router = useRouter();
  return useRoomGroups().flatMap(({ rooms }) =>
    rooms.map(({ name, href, icon: RoomIcon, key }) => ({
      id: `room-${name}`,
      label: t(`rooms.${name}`),
      words: name,
      icon: <RoomIcon {...look} />,
      aside: <Keys keys={`g ${key}`} />,
      run: () => router.push(href),
    })),
  );
}

/** Preferences, the own account, the way out. What is so already is left out. */
export function useSettingEntries(): PaletteEntry[] {
  const t = useTranslations();
  const router = useRouter();
  const locale = useLocale();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const keep = (cookie: string, value: string) => () => {
    keepPreference(cookie, value);
    router.refresh();
  };
  return [
    ...SCHEMES.filter(({ name }) => name !== colorScheme).map(({ name, icon: SchemeIcon }) => ({
      id: `theme-${name}`,
      label: t("preferences.theme", { name: t(`preferences.${name}`) }),
      words: `theme ${name}`,
      icon: <SchemeIcon {...look} />,
      run: () => setColorScheme(name),
    })),
    ...LOCALES.filter((one) => one !== locale).map((one) => ({
      id: `language-${one}`,
      label: `${t("preferences.language")}: ${LOCALE_NAMES[one]}`,
      words: `language ${one}`,
      icon: <IconLanguage {...look} />,
      run: keep(LOCALE_COOKIE, one),
    })),
    ...(["UTC", "browser"] as const).map((zone) => ({
      id: `zone-${zone}`,
      label: t("preferences.timeZone", { name: zone === "UTC" ? "UTC" : t("palette.ownZone") }),
      words: `time zone ${zone}`,
      icon: <IconWorldPin {...look} />,
      run: keep(TIME_ZONE_CHOICE_COOKIE, zone),
    })),
    {
      id: "keyboard",
      label: t("keyboard.title"),
      words: "keyboard shortcuts help",
      icon: <IconKeyboard {...look} />,
      aside: <Keys keys="?" />,
      run: openShortcutHelp,
    },
    {
      id: "account",
      label: t("app.accountLinks.own"),
      words: "account password profile sessions",
      icon: <IconUserCog {...look} />,
      run: () => router.push("/account"),
    },
    {
      id: "permissions",
      label: t("app.accountLinks.permissions"),
      words: "permissions role",
      icon: <IconShieldCheck {...look} />,
      run: () => router.push("/account/permissions"),
    },
    {
      id: "sign-out",
      label: t("account.signOut"),
      words: "sign out log out",
      icon: <IconLogout {...look} />,
      run: () => void signOut(),
    },
  ];
}
