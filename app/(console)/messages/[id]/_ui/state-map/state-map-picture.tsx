"use client";
import { useTranslations } from "next-intl";
import { useId } from "react";
import type { MessageState } from "@/server/domain/message-state.ts";
import { STATE_LOOK } from "../../../../../_ui/state-look.ts";
import type { Arrow, Box, Layout } from "./state-map-layout.ts";
import classes from "./state-map.module.css";
import type { Place } from "./travelled-path.ts";

type Way = "travelled" | "possible" | "other";

interface Picture {
  layout: Layout;
  path: readonly Place[];
  next: readonly MessageState[];
  state: MessageState;
}

/** One picture; told in words for who cannot see it. */
export function StateMapPicture({ layout, path, next, state }: Picture) {
  const t = useTranslations();
  const id = useId();
  const names = path.flatMap((place) => (place === null ? [] : [t(`states.${place}`)]));
  const wayOf = ({ from, to }: Arrow): Way => {
    if (path.some((place, n) => n > 0 && place === to && path[n - 1] === from)) return "travelled";
    return from === state && next.includes(to) ? "possible" : "other";
  };
  const ways: Way[] = ["other", "possible", "travelled"];
  return (
    <svg
      viewBox={`0 0 ${layout.width} ${layout.height}`}
      width={layout.width}
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a drawing of its own; img shows files
      role="img"
      aria-labelledby={id}
      className={classes.picture}
    >
      <title id={id}>{t("stateMap.told", { path: names.join(" → "), state: t(`states.${state}`) })}</title>
      {ways.flatMap((way) =>
        layout.arrows
          .filter((arrow) => wayOf(arrow) === way)
          .map((arrow) => (
            <g key={`${arrow.from}-${arrow.to}`} className={classes.arrow} data-way={way}>
              {way !== "other" && <path d={arrow.line} className={classes.halo} />}
              <path d={arrow.line} className={classes.line} />
              <path d={arrow.head} className={classes.head} />
            </g>
          )),
      )}
      <circle cx={layout.start.x} cy={layout.start.y} r={layout.start.radius} className={classes.start} />
      {layout.boxes.map((box) => (
        <StateBox
          key={box.state}
          box={box}
          size={layout.box}
          current={box.state === state}
          visits={path.flatMap((place, n) => (place === box.state ? [n] : []))}
          possible={next.includes(box.state)}
        />
      ))}
    </svg>
  );
}

interface BoxProps {
  box: Box;
  size: { width: number; height: number };
  current: boolean;
  /** Which of the message's steps led here. */
  visits: readonly number[];
  possible: boolean;
}

const ICON = 16;

function StateBox({ box, size, current, visits, possible }: BoxProps) {
  const t = useTranslations("states");
  const { icon: StateIcon } = STATE_LOOK[box.state];
  const way: Way | "current" = current
    ? "current"
    : visits.length > 0
      ? "travelled"
      : possible
        ? "possible"
        : "other";
  const colours =
    way === "current" || way === "travelled"
      ? { color: `var(--state-${box.state}-ink)`, fill: `var(--state-${box.state}-fill)` }
      : undefined;
  const text = t(box.state);
  const middle = box.y + size.height / 2;
  return (
    <g className={classes.box} data-way={way} style={{ color: colours?.color }}>
      <rect
        x={box.x}
        y={box.y}
        width={size.width}
        height={size.height}
        rx={8}
        style={colours && { fill: colours.fill }}
      />
      <StateIcon x={box.x + 9} y={middle - ICON / 2} size={ICON} stroke={2} />
      <text x={box.x + 9 + ICON + 6} y={middle} dominantBaseline="central">
        {text}
      </text>
      {visits.length > 0 && (
        <text
          x={box.x + size.width - 8}
          y={middle}
          dominantBaseline="central"
          textAnchor="end"
          className={classes.visit}
        >
          {visits.join(",")}
        </text>
      )}
    </g>
  );
}
