"use client";
import { Button } from "@mantine/core";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";

/** Lines put into the page before somebody asks for all: a browser lays out tens of thousands too slowly. */
const FIRST_LINES = 1000;

interface Block<Line> {
  lines: readonly Line[];
  /** Index of a line that must be there. */
  needed: number | null;
  children: (line: Line, index: number) => ReactNode;
}

/** Lines in a box that scrolls by itself; of very many the first, until asked for the rest. */
export function LineBlock<Line>({ lines, needed, children }: Block<Line>) {
  const t = useTranslations("payload");
  const [all, setAll] = useState(false);
  const count = all || (needed !== null && needed >= FIRST_LINES) ? lines.length : FIRST_LINES;
  const rest = lines.length - count;
  return (
    <>
      {/* It scrolls, so it must be reachable by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre tabIndex={0}>{lines.slice(0, count).map(children)}</pre>
      {rest > 0 && (
        <Button size="compact-xs" variant="default" mt="xs" onClick={() => setAll(true)}>
          {t("moreLines", { count: rest })}
        </Button>
      )}
    </>
  );
}
