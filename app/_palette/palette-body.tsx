"use client";
import { useTranslations } from "next-intl";
import { type KeyboardEvent, useId, useState } from "react";
import { Keys } from "../_keyboard/keys.tsx";
import { matchEntries } from "./match-entries.ts";
import type { PaletteEntry, PaletteGroup } from "./palette-entry.ts";
import { PaletteList } from "./palette-list.tsx";
import classes from "./palette.module.css";
import { useRoomEntries, useSettingEntries } from "./use-fixed-entries.tsx";
import { useOpenEntries } from "./use-open-entries.tsx";
import { useRecentEntries } from "./use-recent-entries.tsx";

const MAX_QUERY = 500;

/** A combobox: the focus stays in the field, the arrows move through the entries, Enter takes one. */
export function PaletteBody({ onClose }: { onClose: () => void }) {
  const t = useTranslations("palette");
  const listId = useId();
  const [query, setQuery] = useState("");
  const [chosen, setChosen] = useState(0);
  const open = useOpenEntries(query);
  const recent = useRecentEntries();
  const rooms = useRoomEntries();
  const settings = useSettingEntries();
  const groups: PaletteGroup[] = [
    { name: "rooms" as const, entries: matchEntries(rooms, query) },
    { name: "open" as const, entries: open },
    { name: "recent" as const, entries: matchEntries(recent, query) },
    { name: "settings" as const, entries: matchEntries(settings, query) },
  ].filter(({ entries }) => entries.length > 0);
  // A pasted id is meant to be opened; a word may be a room's name.
  if (open[0]?.id === "open") groups.sort((a, b) => Number(b.name === "open") - Number(a.name === "open"));
  const entries = groups.flatMap((group) => group.entries);
  const current = Math.min(chosen, entries.length - 1);

  function take(entry: PaletteEntry | undefined) {
    if (entry === undefined) return;
    onClose();
    entry.run();
  }

  function onKey(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && entries.length > 0)
      setChosen((current + step + entries.length) % entries.length);
    else if (event.key === "Enter") take(entries[current]);
    else return;
    event.preventDefault();
  }

  return (
    <>
      <input
        className={classes.field}
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={entries[current] && `${listId}-${entries[current].id}`}
        aria-label={t("title")}
        placeholder={t("placeholder")}
        value={query}
        maxLength={MAX_QUERY}
        spellCheck={false}
        autoComplete="off"
        data-autofocus
        onKeyDown={onKey}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setChosen(0);
        }}
      />
      <PaletteList
        id={listId}
        groups={groups}
        current={entries[current]}
        onPoint={(entry) => setChosen(entries.indexOf(entry))}
        onTake={take}
      />
      <div className={classes.foot} aria-hidden>
        <span>
          <Keys keys="up" /> <Keys keys="down" /> {t("move")}
        </span>
        <span>
          <Keys keys="enter" /> {t("take")}
        </span>
        <span>
          <Keys keys="esc" /> {t("leave")}
        </span>
      </div>
    </>
  );
}
