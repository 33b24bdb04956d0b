"use client";
import { useTranslations } from "next-intl";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useEffect, useSyncExternalStore } from "react";
import type { Room } from "../_ui/rooms.ts";
import { useRoomGroups } from "../_ui/use-rooms.ts";
import { focusPageSearch } from "./focus-page-search.ts";
import { helpIsOpen, closeShortcutHelp, followHelp, openShortcutHelp } from "./help-state.ts";
import { handlePress } from "./shortcut-registry.ts";
import { useShortcut } from "./use-shortcut.ts";

export { openShortcutHelp };

const ShortcutHelp = dynamic(() => import("./shortcut-help.tsx").then((m) => m.ShortcutHelp), { ssr: false });

/** Listens for shortcuts, and holds those that every page has. */
export function KeyboardRoot() {
  const t = useTranslations("keyboard");
  const router = useRouter();
  const help = useSyncExternalStore(followHelp, helpIsOpen, () => null);
  useEffect(() => {
    document.addEventListener("keydown", handlePress);
    return () => document.removeEventListener("keydown", handlePress);
  }, []);
  useShortcut("?", t("help"), openShortcutHelp, { group: "general" });
  useShortcut("/", t("pageSearch"), () => focusPageSearch() || router.push("/search"), { group: "general" });
  return (
    <>
      {useRoomGroups().flatMap(({ rooms }) =>
        rooms.map((room) => <RoomShortcut key={room.name} room={room} />),
      )}
      {help !== null && <ShortcutHelp opened={help} onClose={closeShortcutHelp} />}
    </>
  );
}

function RoomShortcut({ room }: { room: Room }) {
  const t = useTranslations();
  const router = useRouter();
  useShortcut(`g ${room.key}`, t(`nav.rooms.${room.name}`), () => router.push(room.href), { group: "go" });
  return null;
}
