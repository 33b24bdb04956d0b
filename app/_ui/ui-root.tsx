"use client";
import { type MantineColorScheme, MantineProvider } from "@mantine/core";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { type ReactNode, useState } from "react";
import { colorSchemeCookie } from "./color-scheme-cookie.ts";
import { cssVariables, theme } from "./theme.ts";
import { ToastHost } from "./toast-host.tsx";

/** Theme and address state for every page. @param nonce lets the theme's style elements pass the page's policy */
export function UiRoot(props: { nonce: string; scheme: MantineColorScheme; children: ReactNode }) {
  // The document's policy knows the nonce that it came with; a later render by the server brings another one.
  const [nonce] = useState(() => tellScrollLock(props.nonce));
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={colorSchemeCookie}
      defaultColorScheme={props.scheme}
      getStyleNonce={() => nonce}
    >
      <NuqsAdapter>{props.children}</NuqsAdapter>
      <ToastHost />
    </MantineProvider>
  );
}

/**
 * A dialog's lock of the page's scrolling (react-remove-scroll) makes a style element of its own. It asks for its nonce at
 * this global, a bundler's convention; without one the page's policy refuses the element.
 */
function tellScrollLock(nonce: string): string {
  if (typeof window !== "undefined") Object.assign(window, { __webpack_nonce__: nonce });
  return nonce;
}
