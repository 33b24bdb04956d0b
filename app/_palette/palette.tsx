"use client";
import { Modal } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useOpenerFocus } from "../_ui/use-opener-focus.ts";
import { PaletteBody } from "./palette-body.tsx";
import classes from "./palette.module.css";

/** Goes anywhere and finds anything by a few letters. What was typed is forgotten when it closes. */
export function Palette({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const t = useTranslations("palette");
  useOpenerFocus(opened);
  return (
    <Modal.Root
      opened={opened}
      onClose={onClose}
      padding={0}
      size="38rem"
      yOffset="12vh"
      transitionProps={{ duration: 0 }}
    >
      <Modal.Overlay />
      <Modal.Content aria-label={t("title")}>
        <Modal.Body className={classes.body}>
          <PaletteBody onClose={onClose} />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
