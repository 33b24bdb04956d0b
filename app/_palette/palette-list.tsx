"use client";
/* oxlint-disable jsx-a11y/prefer-tag-over-role, jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the field has the focus and the keys */
import { useTranslations } from "next-intl";
import { useEffect } from "react";
import type { PaletteEntry, PaletteGroup } from "./palette-entry.ts";
import classes from "./palette.module.css";

interface List {
  id: string;
  groups: readonly PaletteGroup[];
  current: PaletteEntry | undefined;
  onPoint: (entry: PaletteEntry) => void;
  onTake: (entry: PaletteEntry) => void;
}

/** The entries by group. The focus is never here: what is chosen is told to the field. */
export function PaletteList({ id, groups, current, onPoint, onTake }: List) {
  const t = useTranslations("palette");
  const currentId = current && `${id}-${current.id}`;
  useEffect(() => {
    if (currentId !== undefined) document.getElementById(currentId)?.scrollIntoView({ block: "nearest" });
  }, [currentId]);
  return (
    <div id={id} role="listbox" aria-label={t("results")} className={classes.list} data-palette>
      {groups.map(({ name, entries }) => (
        <div key={name} role="group" aria-labelledby={`${id}-group-${name}`}>
          <div id={`${id}-group-${name}`} className={classes.heading} role="presentation">
            {t(`groups.${name}`)}
          </div>
          {entries.map((entry) => (
            <div
              key={entry.id}
              id={`${id}-${entry.id}`}
              role="option"
              aria-selected={entry === current}
              className={classes.entry}
              onMouseMove={() => onPoint(entry)}
              onClick={() => onTake(entry)}
            >
              {entry.icon}
              <span className={classes.label}>{entry.label}</span>
              {entry.aside !== undefined && <span className={classes.aside}>{entry.aside}</span>}
            </div>
          ))}
        </div>
      ))}
      {groups.length === 0 && <p className={classes.none}>{t("nothing")}</p>}
    </div>
  );
}
