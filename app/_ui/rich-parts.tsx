"use client";
import type { ReactNode } from "react";
import { Age } from "./age.tsx";
import { Moment } from "./moment.tsx";

/** Values inside of a text of the catalogue: `t.rich("since", { at: momentPart(date) })`. */
export const momentPart = (value: Date) => () => <Moment value={value} />;
export const agePart = (at: Date) => () => <Age at={at} />;
export const codePart = (text: string) => () => <code>{text}</code>;
export const strongPart = (text: string) => () => <strong>{text}</strong>;
/** What the text itself says, as machines write it. */
export const asCode = (chunks: ReactNode) => <code>{chunks}</code>;
