"use client";
import { Alert } from "@mantine/core";
import { IconGitMerge } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { momentPart } from "../../../_ui/rich-parts.tsx";

/** Who was there first. */
export interface Meanwhile {
  by: string | null;
  at: Date | null;
}

/** Keeps a dialog open after a change was refused because somebody else's came before; `ConflictNote` says the rest. */
export class ConflictError extends Error {
  readonly data = { code: "CONFLICT" } as const;

  constructor() {
    super("");
    this.name = "ConflictError";
  }
}

/** Says who changed it meanwhile and that the form now compares with what is there. */
export function ConflictNote({ meanwhile }: { meanwhile: Meanwhile | null }) {
  const t = useTranslations("registry");
  if (meanwhile === null) return null;
  const { by, at } = meanwhile;
  const who =
    by !== null && at !== null ? t.rich("meanwhileBy", { by, at: momentPart(at) }) : t("meanwhileUnknown");
  return (
    <ConflictAlert title={t("meanwhileTitle")}>
      {who} {t("meanwhileNext")}
    </ConflictAlert>
  );
}

/** Looks like every word about somebody who was first. */
export function ConflictAlert({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Alert color="orange" icon={<IconGitMerge aria-hidden />} title={title} role="alert">
      {children}
    </Alert>
  );
}
