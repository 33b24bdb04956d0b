"use client";
import { useFormatter, useTranslations } from "next-intl";
import classes from "./spark-bars.module.css";

/** How often something happened over time, small; what it says in numbers is said to who cannot see it. */
export function SparkBars({ points }: { points: readonly number[] }) {
  const t = useTranslations("failures");
  const format = useFormatter();
  const most = Math.max(1, ...points);
  const sum = points.reduce((total, count) => total + count, 0);
  return (
    <svg
      className={classes.bars}
      viewBox={`0 0 ${points.length} 20`}
      preserveAspectRatio="none"
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a drawing of its own; img shows files
      role="img"
      aria-label={t("spark", { sum: format.number(sum), most: format.number(Math.max(0, ...points)) })}
    >
      <line x1="0" y1="19.5" x2={points.length} y2="19.5" className={classes.base} />
      {points.map((count, at) =>
        count === 0 ? null : (
          <rect
            // oxlint-disable-next-line react/no-array-index-key -- a bar is its place
            key={at}
            x={at + 0.1}
            width={0.8}
            y={19 - Math.max(1.5, (count / most) * 18)}
            height={Math.max(1.5, (count / most) * 18)}
          />
        ),
      )}
    </svg>
  );
}
