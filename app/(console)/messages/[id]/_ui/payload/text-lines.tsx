"use client";
import { useMemo } from "react";
import { LineBlock } from "./line-block.tsx";
import { type Found, MarkedText, byLine } from "./marked-text.tsx";

/** Text as it is, line by line. */
export function TextLines({ lines, matches, current }: { lines: readonly string[] } & Found) {
  const marks = useMemo(() => byLine(matches), [matches]);
  const needed = matches.find((match) => match.n === current)?.line ?? null;
  return (
    <LineBlock lines={lines} needed={needed}>
      {(text, line) => (
        <span key={line}>
          <MarkedText text={text} marks={marks.get(line)} current={current} />
          {"\n"}
        </span>
      )}
    </LineBlock>
  );
}
