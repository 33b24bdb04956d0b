import type { MantineColorScheme, MantineColorSchemeManager } from "@mantine/core";

export const THEME_COOKIE = "surelay.theme";

/** The chosen scheme; absent or unknown: as the system. */
export function readColorScheme(cookie: string | undefined): MantineColorScheme {
  return cookie === "light" || cookie === "dark" ? cookie : "auto";
}

/** Keeps the choice in a cookie, so that the server renders it and nothing flashes. */
export const colorSchemeCookie: MantineColorSchemeManager = {
  get: (fallback) => {
    if (typeof document === "undefined") return fallback;
    return readColorScheme(/(?:^|; )surelay\.theme=(\w+)/.exec(document.cookie)?.[1]);
  },
  set: (scheme) => {
    document.cookie = `${THEME_COOKIE}=${scheme};path=/;max-age=31536000;samesite=lax`;
  },
  subscribe: () => undefined,
  unsubscribe: () => undefined,
  clear: () => {
    document.cookie = `${THEME_COOKIE}=;path=/;max-age=0`;
  },
};
