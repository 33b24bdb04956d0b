"use client";
import { useTranslations } from "next-intl";
import { diffLines, foldDiff } from "./diff-lines.ts";
import classes from "./line-diff.module.css";

const CONTEXT = 3;
const SIGN = { same: " ", removed: "−", added: "+" } as const;

/** What differs between two texts, line by line. @param what names the texts */
export function LineDiff({ before, after, what }: { before: string; after: string; what: string }) {
  const t = useTranslations("diff");
  const lines = foldDiff(diffLines(before, after), CONTEXT);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to take the focus
    <section className={classes.diff} tabIndex={0} aria-label={t("lines", { what })}>
      {lines.map((line, at) =>
        typeof line === "number" ? (
          <div key={at} className={classes.fold}>
            {t("unchangedLines", { count: line })}
          </div>
        ) : (
          <div key={at} className={classes.line} data-kind={line.kind}>
            <span className={classes.sign}>{SIGN[line.kind]}</span>
            {line.kind === "removed" ? (
              <del>{line.text}</del>
            ) : line.kind === "added" ? (
              <ins>{line.text}</ins>
            ) : (
              line.text
            )}
          </div>
        ),
      )}
    </section>
  );
}
