import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "./globals.css";
import { ColorSchemeScript, mantineHtmlProps } from "@mantine/core";
import type { Metadata, Viewport } from "next";
import { NextIntlClientProvider } from "next-intl";
import { getLocale, getTranslations } from "next-intl/server";
import { cookies, headers } from "next/headers";
import type { ReactNode } from "react";
import { THEME_COOKIE, readColorScheme } from "./_ui/color-scheme-cookie.ts";
import { UiRoot } from "./_ui/ui-root.tsx";

export const viewport: Viewport = { width: "device-width", initialScale: 1, colorScheme: "light dark" };

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations();
  return {
    title: { default: t("app.title"), template: `%s · ${t("app.product")}` },
    robots: { index: false },
  };
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get("x-nonce") ?? "";
  const scheme = readColorScheme((await cookies()).get(THEME_COOKIE)?.value);
  const chosen = scheme === "auto" ? {} : { "data-mantine-color-scheme": scheme };
  return (
    <html lang={await getLocale()} {...mantineHtmlProps} {...chosen}>
      <head>
        <ColorSchemeScript nonce={nonce} defaultColorScheme={scheme} suppressHydrationWarning />
      </head>
      <body>
        <NextIntlClientProvider>
          <UiRoot nonce={nonce} scheme={scheme}>
            {children}
          </UiRoot>
        </NextIntlClientProvider>
      </body>
    </html>
  );
}
