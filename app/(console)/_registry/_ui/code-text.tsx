"use client";
import { CopyValue } from "../../../_ui/copy-value.tsx";
import classes from "./code-text.module.css";

/** Text for a machine, to be read and copied. @param what its name */
export function CodeText({ text, what }: { text: string; what: string }) {
  return (
    <div className={classes.frame}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls has to take the focus */}
      <pre className={classes.text} tabIndex={0} aria-label={what}>
        {text}
      </pre>
      <div className={classes.copy}>
        <CopyValue value={text} what={what} />
      </div>
    </div>
  );
}
