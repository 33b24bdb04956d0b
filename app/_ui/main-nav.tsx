"use client";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { usePathname } from "next/navigation";
import classes from "./main-nav.module.css";

const ROOMS = [{ href: "/messages", name: "messages" }] as const;

export function MainNav() {
  const t = useTranslations("nav");
  const path = usePathname();
  return (
    <nav aria-label={t("label")} className={classes.nav}>
      {ROOMS.map(({ href, name }) => (
        <Link
          key={href}
          href={href}
          className={classes.link}
          aria-current={path === href ? "page" : path.startsWith(`${href}/`) ? "true" : undefined}
        >
          {t(name)}
        </Link>
      ))}
    </nav>
  );
}
