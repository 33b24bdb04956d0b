"use client";
import { ActionIcon, UnstyledButton } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { Keys } from "../_keyboard/keys.tsx";
import classes from "./palette-button.module.css";
import { openPalette } from "./palette-state.ts";

/** Opens the command palette; an icon on a narrow window. */
export function PaletteButton() {
  const t = useTranslations("palette");
  return (
    <>
      <UnstyledButton
        className={classes.button}
        onClick={openPalette}
        aria-haspopup="dialog"
        visibleFrom="sm"
      >
        <IconSearch size={15} aria-hidden />
        <span className={classes.words}>{t("button")}</span>
        <Keys keys="mod+k" />
      </UnstyledButton>
      <ActionIcon
        hiddenFrom="sm"
        variant="subtle"
        color="gray"
        c="var(--mantine-color-text)"
        size="lg"
        aria-label={t("button")}
        aria-haspopup="dialog"
        onClick={openPalette}
      >
        <IconSearch size={20} stroke={1.7} aria-hidden />
      </ActionIcon>
    </>
  );
}
