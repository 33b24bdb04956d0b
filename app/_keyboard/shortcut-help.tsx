"use client";
import { Modal, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useSyncExternalStore } from "react";
import { Keys } from "./keys.tsx";
import classes from "./shortcut-help.module.css";
import { SHORTCUT_GROUPS, type Shortcut, followShortcuts, listShortcuts } from "./shortcut-registry.ts";
import { useOpenerFocus } from "../_ui/use-opener-focus.ts";

const NONE: readonly Shortcut[] = [];

/** Every shortcut that works on the page as it is. */
export function ShortcutHelp({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  useOpenerFocus(opened);
  const t = useTranslations();
  const shortcuts = useSyncExternalStore(followShortcuts, listShortcuts, () => NONE);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("keyboard.title")}
      size="xl"
      centered
      closeButtonProps={{ "aria-label": t("keyboard.close") }}
    >
      <div className={classes.groups}>
        {SHORTCUT_GROUPS.map((group) => {
          const own = distinct(shortcuts.filter((shortcut) => shortcut.group === group));
          if (own.length === 0) return null;
          return (
            <section key={group} aria-labelledby={`shortcuts-${group}`} className={classes.group}>
              <Text component="h3" size="sm" fw={650} id={`shortcuts-${group}`} mb={6}>
                {t(`keyboard.groups.${group}`)}
              </Text>
              <dl className={classes.list}>
                {own.map(({ keys, label }) => (
                  <div key={keys} className={classes.row}>
                    <dt>{label}</dt>
                    <dd>
                      <Keys keys={keys} />
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          );
        })}
      </div>
      <Text size="xs" c="dimmed" mt="md">
        {t("keyboard.notWhileTyping")}
      </Text>
    </Modal>
  );
}

/** Of shortcuts with the same keys the one that works: the last. */
function distinct(shortcuts: readonly Shortcut[]): Shortcut[] {
  return [...new Map(shortcuts.map((shortcut) => [shortcut.keys, shortcut])).values()];
}
