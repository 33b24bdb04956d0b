"use client";
import { LanguageMenu } from "./language-menu.tsx";
import { ThemeMenu } from "./theme-menu.tsx";
import { TimeZoneMenu } from "./time-zone-menu.tsx";

/** How an operator wants to see every page: language, zone, light or dark. */
export function PreferenceMenus() {
  return (
    <>
      <TimeZoneMenu />
      <LanguageMenu />
      <ThemeMenu />
    </>
  );
}
