"use client";
import { VisuallyHidden } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";

/** What stands while a page's code and data come: its shape, and for who does not see that, a heading that says so. */
export function LoadingPage({ children }: { children: ReactNode }) {
  const t = useTranslations("errors");
  return (
    <div aria-busy>
      <VisuallyHidden component="h1">{t("loading")}</VisuallyHidden>
      {children}
    </div>
  );
}
