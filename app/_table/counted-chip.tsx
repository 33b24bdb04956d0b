"use client";
import { Chip } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { CappedCount } from "./capped-count.tsx";
import classes from "./counted-chip.module.css";

/** A row of chips that scrolls sideways where it is narrow. */
export function ChipRow({ label, children }: { label: string; children: ReactNode }) {
  return (
    <fieldset className={classes.chips} aria-label={label}>
      {children}
    </fieldset>
  );
}

interface CountedChipProps {
  value: string;
  /** Whose colours it has: the variables `--<colour>-ink` and `--<colour>-fill`, e.g. `state-READY`, `tone-bad`. */
  colour: string;
  icon: Icon;
  name: string;
  hint: string;
  /** Undefined: not known, or not to be counted cheaply. */
  count: { count: number; capped: boolean } | undefined;
  /** Outside of a `Chip.Group`. */
  checked?: boolean;
  onChange?: (checked: boolean) => void;
}

/** A filter with how much it has. */
export function CountedChip({ colour, icon: ChipIcon, name, hint, count, ...chip }: CountedChipProps) {
  return (
    <Chip
      {...chip}
      size="xs"
      radius="sm"
      variant="outline"
      icon={null}
      classNames={{ label: classes.chip, iconWrapper: classes.noMark }}
      title={hint}
      style={{ "--chip-ink": `var(--${colour}-ink)`, "--chip-fill": `var(--${colour}-fill)` }}
    >
      <span className={classes.face}>
        <ChipIcon size={14} aria-hidden />
        {name}
        {count !== undefined && (
          <span className={classes.count} data-none={count.count === 0 || undefined}>
            <CappedCount {...count} />
          </span>
        )}
      </span>
    </Chip>
  );
}
