"use client";
import { CloseButton, Drawer } from "@mantine/core";
import { useTranslations } from "next-intl";
import { Brand } from "./brand.tsx";
import { MainNav } from "./main-nav.tsx";
import classes from "./nav-drawer.module.css";
import { PreferenceMenus } from "./preference-menus.tsx";
import { useOpenerFocus } from "./use-opener-focus.ts";

/** The navigation on a narrow window. Its head is no header element: the page has its banner already. */
export function NavDrawer({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  useOpenerFocus(opened);
  const t = useTranslations("nav");
  return (
    <Drawer.Root opened={opened} onClose={onClose} size="min(20rem, 85vw)" padding={0}>
      <Drawer.Overlay />
      <Drawer.Content aria-label={t("label")}>
        <div className={classes.drawer}>
          <div className={classes.head}>
            <Brand />
            <CloseButton size="lg" aria-label={t("close")} onClick={onClose} />
          </div>
          <nav aria-label={t("label")}>
            <MainNav onGo={onClose} />
          </nav>
          <div className={classes.foot}>
            <PreferenceMenus />
          </div>
        </div>
      </Drawer.Content>
    </Drawer.Root>
  );
}
