"use client";
import { useTranslations } from "next-intl";
import { Fragment, useSyncExternalStore } from "react";
import classes from "./keys.module.css";

const SIGNS: Record<string, string> = { up: "↑", down: "↓", left: "←", right: "→", shift: "⇧" };
const NAMED = ["mod", "enter", "space", "esc"] as const;

const never = () => () => undefined;
const isMac = () => /Mac|iPhone|iPad/.test(navigator.platform);

/** A shortcut's keys as they are printed on a keyboard. @param keys as in the registry: `g m`, `mod+k` */
export function Keys({ keys }: { keys: string }) {
  const t = useTranslations("keyboard");
  const mac = useSyncExternalStore(never, isMac, () => false);
  const face = (part: string) => {
    if (part === "mod") return mac ? "⌘" : t("keys.mod");
    const named = NAMED.find((name) => name === part);
    if (named) return t(`keys.${named}`);
    return SIGNS[part] ?? (/^[a-z]$/.test(part) ? part.toUpperCase() : part);
  };
  return (
    <span className={classes.keys}>
      {keys.split(" ").map((press, index) => (
        <Fragment key={index}>
          {index > 0 && <span className={classes.then}>{t("and")}</span>}
          {press.split("+").map((part) => (
            <kbd key={part} className={classes.key}>
              {face(part)}
            </kbd>
          ))}
        </Fragment>
      ))}
    </span>
  );
}
