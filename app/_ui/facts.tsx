"use client";
import type { ReactNode } from "react";
import classes from "./facts.module.css";

/** Names with their values, one pair under the other. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className={classes.facts}>{children}</dl>;
}

/** @param mono for what machines wrote */
export function Fact({
  name,
  mono = false,
  children,
}: {
  name: string;
  mono?: boolean;
  children: ReactNode;
}) {
  return (
    <div className={classes.fact}>
      <dt className={mono ? "mono" : undefined}>{name}</dt>
      <dd className={mono ? "mono" : undefined}>{children}</dd>
    </div>
  );
}
