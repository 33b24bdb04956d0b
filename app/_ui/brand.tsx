"use client";
import { VisuallyHidden } from "@mantine/core";
import { useTranslations } from "next-intl";
import classes from "./brand.module.css";

/** The product's mark and name. @param slim the mark alone; its name is still read out */
export function Brand({ slim = false }: { slim?: boolean }) {
  const t = useTranslations("app");
  return (
    <span className={classes.brand}>
      <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden>
        <rect width="32" height="32" rx="8" fill="#0b7285" />
        <path
          d="M7 11h8l-3-3m3 3-3 3M25 21h-8l3-3m-3 3 3 3"
          fill="none"
          stroke="#fff"
          strokeWidth="2.6"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      {slim ? <VisuallyHidden>{t("product")}</VisuallyHidden> : t("product")}
    </span>
  );
}
