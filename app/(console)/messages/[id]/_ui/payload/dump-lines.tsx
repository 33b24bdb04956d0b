"use client";
import { useMemo } from "react";
import { DUMP_WIDTH, type DumpRow } from "./decode-payload.ts";
import type { Match } from "./find-matches.ts";
import { LineBlock } from "./line-block.tsx";
import { type Found, MarkedText, byLine } from "./marked-text.tsx";
import classes from "./payload-view.module.css";

/** Bytes as hexdump writes them; what was found is marked in both columns. */
export function DumpLines({ rows, matches, current }: { rows: readonly DumpRow[] } & Found) {
  const marks = useMemo(() => byLine(matches), [matches]);
  const needed = matches.find((match) => match.n === current)?.line ?? null;
  return (
    <LineBlock lines={rows} needed={needed}>
      {({ offset, hex, text }, line) => {
        const found = marks.get(line);
        return (
          <span key={line}>
            <span className={classes.offset}>{offset}</span>
            {"  "}
            <MarkedText text={hexColumn(hex)} marks={found?.map(inHexColumn)} current={current} />
            {"  |"}
            <MarkedText text={text.join("")} marks={found} current={current} />
            {"|\n"}
          </span>
        );
      }}
    </LineBlock>
  );
}

/** Two groups of eight, always of the same width. */
function hexColumn(hex: readonly string[]): string {
  return [hex.slice(0, 8).join(" "), hex.slice(8).join(" ")].join("  ").padEnd(DUMP_WIDTH * 3);
}

const column = (byte: number) => byte * 3 + (byte >= 8 ? 1 : 0);

function inHexColumn({ start, end, ...match }: Match): Match {
  return { ...match, start: column(start), end: column(end - 1) + 2 };
}
