"use client";
import { type CSSVariablesResolver, createTheme } from "@mantine/core";
import { stateVariables, toneVariables } from "./state-look.ts";

export const theme = createTheme({
  primaryColor: "lake",
  primaryShade: { light: 8, dark: 8 },
  defaultRadius: "md",
  cursorType: "pointer",
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
  headings: { fontWeight: "650" },
  // A dialog's head is no header element: the page has its banner already, and may have no second one.
  components: {
    Modal: { styles: { title: { fontWeight: 650 } } },
    Drawer: { styles: { title: { fontWeight: 650 } } },
    ModalHeader: { defaultProps: { component: "div" } },
    DrawerHeader: { defaultProps: { component: "div" } },
  },
  colors: {
    lake: [
      "#e4f4f7",
      "#cfe8ed",
      "#a1d2dc",
      "#70bac9",
      "#4aa6b9",
      "#3299ae",
      "#2091a8",
      "#0b7d93",
      "#006d82",
      "#005e72",
    ],
    dark: [
      "#dde3ea",
      "#b9c3cf",
      "#93a0b0",
      "#6c798a",
      "#465261",
      "#333d49",
      "#262e38",
      "#171d25",
      "#11161d",
      "#0b0f14",
    ],
  },
});

/** Contrast of secondary text, placeholders and links: the library's own values fall short of 4.5 to 1. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "#4d5864",
    "--mantine-color-placeholder": "#5c6773",
    "--mantine-color-anchor": "var(--mantine-color-lake-9)",
    "--mantine-color-error": "#b42318",
    "--surface": "#ffffff",
    "--surface-sunken": "#f4f6f8",
    "--line": "#dbe1e7",
    "--nav-surface": "#fbfcfd",
    "--nav-ink": "#333d49",
    "--nav-hover": "#eef2f5",
    "--nav-chosen": "var(--mantine-color-lake-0)",
    "--nav-chosen-ink": "var(--mantine-color-lake-9)",
    ...stateVariables("light"),
    ...toneVariables("light"),
  },
  dark: {
    "--mantine-color-dimmed": "var(--mantine-color-dark-1)",
    "--mantine-color-placeholder": "var(--mantine-color-dark-2)",
    "--mantine-color-anchor": "var(--mantine-color-lake-2)",
    "--mantine-color-error": "#ff9a8f",
    "--surface": "#1c232c",
    "--surface-sunken": "#12171e",
    "--line": "#333d49",
    "--nav-surface": "#161c24",
    "--nav-ink": "#cdd5de",
    "--nav-hover": "#222a34",
    "--nav-chosen": "#123b45",
    "--nav-chosen-ink": "#cfe8ed",
    ...stateVariables("dark"),
    ...toneVariables("dark"),
  },
});
