"use client";
import { useTranslations } from "next-intl";
import classes from "./state-map.module.css";

const WAYS = ["travelled", "possible"] as const;

/** What the lines mean. */
export function MapLegend() {
  const t = useTranslations("stateMap");
  return (
    <ul className={classes.legend}>
      {WAYS.map((way) => (
        <li key={way}>
          <svg width={28} height={8} aria-hidden className={classes.arrow} data-way={way}>
            <path d="M1,4L27,4" className={classes.line} />
          </svg>
          {t(way)}
        </li>
      ))}
    </ul>
  );
}
