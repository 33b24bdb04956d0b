"use client";
import { useTranslations } from "next-intl";
import dynamic from "next/dynamic";
import { usePathname } from "next/navigation";
import { useEffect, useSyncExternalStore } from "react";
import { useShortcut } from "../_keyboard/use-shortcut.ts";
import { useOperator } from "../_ui/operator-context.tsx";
import { closePalette, followPalette, paletteIsOpen, togglePalette } from "./palette-state.ts";
import { rememberMessage } from "./recent-messages.ts";

const Palette = dynamic(() => import("./palette.tsx").then((m) => m.Palette), { ssr: false });

/** The command palette, its shortcut, and its memory of the messages that were opened. */
export function PaletteRoot() {
  const t = useTranslations("palette");
  const opened = useSyncExternalStore(followPalette, paletteIsOpen, () => null);
  const { username } = useOperator();
  const path = usePathname();
  useEffect(() => {
    const id = /^\/messages\/([^/]+)$/.exec(path)?.[1];
    if (id !== undefined) rememberMessage(username, id);
  }, [path, username]);
  useShortcut("mod+k", t("title"), togglePalette, { group: "general", inDialog: true });
  return opened !== null && <Palette opened={opened} onClose={closePalette} />;
}
