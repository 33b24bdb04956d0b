"use client";
import { Burger } from "@mantine/core";
import { useTranslations } from "next-intl";
import dynamic from "next/dynamic";
import { useState } from "react";

const NavDrawer = dynamic(() => import("./nav-drawer.tsx").then((m) => m.NavDrawer), { ssr: false });

/** Opens the navigation on a narrow window; its code comes with the first opening. */
export function NavBurger() {
  const t = useTranslations("nav");
  const [opened, setOpened] = useState(false);
  const [wanted, setWanted] = useState(false);
  return (
    <>
      <Burger
        size="sm"
        opened={false}
        hiddenFrom="sm"
        aria-label={t("open")}
        aria-expanded={opened}
        onClick={() => {
          setWanted(true);
          setOpened(true);
        }}
      />
      {wanted && <NavDrawer opened={opened} onClose={() => setOpened(false)} />}
    </>
  );
}
