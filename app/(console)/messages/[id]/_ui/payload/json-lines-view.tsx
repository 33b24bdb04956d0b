"use client";
import { Button, Group } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { type JsonLine, foldsAround, unfoldedLines } from "./json-lines.ts";
import { LineBlock } from "./line-block.tsx";
import { type Found, MarkedText, byLine } from "./marked-text.tsx";
import type { Match } from "./find-matches.ts";
import classes from "./payload-view.module.css";

/** JSON whose objects and arrays fold; what is found in a folded one unfolds it. */
export function JsonLines({ lines, matches, current }: { lines: readonly JsonLine[] } & Found) {
  const t = useTranslations("payload");
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const foldable = useMemo(() => lines.flatMap(({ closedBy }, n) => (closedBy === null ? [] : [n])), [lines]);
  const marks = useMemo(() => byLine(matches), [matches]);
  const line = matches.find((match) => match.n === current)?.line ?? null;
  const folded = useMemo(() => {
    const around = line === null ? [] : foldsAround(lines, line);
    return new Set([...chosen].filter((n) => !around.includes(n)));
  }, [chosen, line, lines]);
  const seen = useMemo(() => unfoldedLines(lines, folded), [lines, folded]);

  const toggle = (n: number) =>
    setChosen((before) => {
      const after = new Set(before);
      if (!after.delete(n)) after.add(n);
      return after;
    });

  return (
    <>
      <LineBlock lines={seen} needed={line === null ? null : seen.indexOf(line)}>
        {(n) => (
          <Line
            key={n}
            line={lines[n]!}
            folded={folded.has(n)}
            onToggle={() => toggle(n)}
            marks={marks.get(n)}
            current={current}
          />
        )}
      </LineBlock>
      {foldable.length > 1 && (
        <Group gap="xs" mt="xs">
          {/* Everything but the outermost, of which the rest is part. */}
          <Button size="compact-xs" variant="default" onClick={() => setChosen(new Set(foldable.slice(1)))}>
            {t("foldAll")}
          </Button>
          <Button
            size="compact-xs"
            variant="default"
            disabled={folded.size === 0}
            onClick={() => setChosen(new Set())}
          >
            {t("unfoldAll")}
          </Button>
        </Group>
      )}
    </>
  );
}

interface LineProps {
  line: JsonLine;
  folded: boolean;
  onToggle: () => void;
  marks: readonly Match[] | undefined;
  current: number | null;
}

function Line({ line, folded, onToggle, marks, current }: LineProps) {
  const t = useTranslations("payload");
  const { text, indent, tokens, closedBy, entries } = line;
  return (
    <span className={classes.line} style={{ paddingLeft: `${indent + 2}ch` }}>
      {closedBy !== null && (
        <button
          type="button"
          className={classes.fold}
          style={{ left: `${indent}ch` }}
          aria-expanded={!folded}
          aria-label={t("foldLine", { line: text.trim(), count: entries })}
          onClick={onToggle}
        >
          {folded ? "▸" : "▾"}
        </button>
      )}
      <span className={classes.indent}>{text.slice(0, indent)}</span>
      {tokens.map((token, n) => (
        <span key={token.at} data-token={token.kind}>
          {between(text, tokens[n - 1], token)}
          <MarkedText text={token.text} at={token.at} marks={marks} current={current} />
        </span>
      ))}
      {folded && <span className={classes.folded}>{` … ${t("entries", { count: entries })} `}</span>}
      {"\n"}
    </span>
  );
}

function between(
  text: string,
  before: { at: number; text: string } | undefined,
  token: { at: number },
): string {
  return before === undefined ? "" : text.slice(before.at + before.text.length, token.at);
}
