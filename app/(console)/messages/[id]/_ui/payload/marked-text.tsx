"use client";
import { Fragment, useEffect, useRef } from "react";
import type { Match } from "./find-matches.ts";
import classes from "./payload-view.module.css";

export interface Found {
  matches: readonly Match[];
  /** Number of the match looked at; null: none. */
  current: number | null;
}

/** Matches by line. */
export function byLine(matches: readonly Match[]): Map<number, Match[]> {
  const lines = new Map<number, Match[]>();
  for (const match of matches) {
    const known = lines.get(match.line);
    if (known) known.push(match);
    else lines.set(match.line, [match]);
  }
  return lines;
}

/** A stretch of a line with what was found in it marked. @param at the stretch's place in the line */
export function MarkedText({
  text,
  at = 0,
  marks,
  current,
}: {
  text: string;
  at?: number;
  marks: readonly Match[] | undefined;
  current: number | null;
}) {
  if (marks === undefined) return text;
  const pieces = [];
  let from = 0;
  for (const { start, end, n } of marks) {
    const [begin, stop] = [Math.max(start - at, from), Math.min(end - at, text.length)];
    if (stop <= begin) continue;
    pieces.push(
      <Fragment key={begin}>
        {text.slice(from, begin)}
        <Mark current={n === current}>{text.slice(begin, stop)}</Mark>
      </Fragment>,
    );
    from = stop;
  }
  return (
    <>
      {pieces}
      {text.slice(from)}
    </>
  );
}

/** What was found; the one looked at comes into view. */
export function Mark({ current, children }: { current: boolean; children: string }) {
  const mark = useRef<HTMLElement>(null);
  useEffect(() => {
    if (current) scrollWithin(mark.current);
  }, [current]);
  return (
    <mark ref={mark} className={classes.mark} data-current={current || undefined}>
      {children}
    </mark>
  );
}

/** Scrolls the payload's own box, and not the page from under the field that is typed in. */
function scrollWithin(mark: HTMLElement | null): void {
  const box = mark?.closest("pre");
  if (!mark || !box) return;
  const [inner, outer] = [mark.getBoundingClientRect(), box.getBoundingClientRect()];
  if (inner.top < outer.top || inner.bottom > outer.bottom)
    box.scrollTop += inner.top - outer.top - box.clientHeight / 2;
}
