"use client";
import { Alert, Collapse, Stack, Text, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronRight, IconFileText } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Section } from "../../../_ui/section.tsx";
import { CodeText } from "./code-text.tsx";
import { momentPart } from "../../../_ui/rich-parts.tsx";

interface Declared {
  appliedAt: Date | null;
  changedAt: Date | null;
  file: { yaml: string; schemas: { path: string; text: string }[] };
}

/** How the same is declared in a topology file, and what the next `surelay apply` does to what was changed here. */
export function DeclaredFile({ appliedAt, changedAt, file }: Declared) {
  const t = useTranslations("registry");
  const drifted = appliedAt !== null && changedAt !== null && changedAt > appliedAt;
  const told = drifted
    ? t.rich("drift", { at: momentPart(changedAt) })
    : appliedAt === null
      ? t("fileNone")
      : t.rich("fileApplied", { at: momentPart(appliedAt) });
  return (
    <Section title={t("file")}>
      <Stack gap="sm">
        {drifted ? (
          <Alert color="orange" icon={<IconFileText aria-hidden />} title={t("driftTitle")}>
            {told}
          </Alert>
        ) : (
          <Text size="sm" c="dimmed">
            {told}
          </Text>
        )}
        <CodeText text={file.yaml} what="topology.yaml" />
        {file.schemas.map(({ path, text }) => (
          <Folded key={path} title={path}>
            <CodeText text={text} what={path} />
          </Folded>
        ))}
      </Stack>
    </Section>
  );
}

function Folded({ title, children }: { title: string; children: React.ReactNode }) {
  const [open, setOpen] = useState(false);
  const Mark = open ? IconChevronDown : IconChevronRight;
  return (
    <div>
      <UnstyledButton onClick={() => setOpen(!open)} aria-expanded={open} mb={open ? 6 : 0}>
        <Text size="sm" className="mono" component="span" style={{ display: "inline-flex", gap: 4 }}>
          <Mark size={16} aria-hidden /> {title}
        </Text>
      </UnstyledButton>
      <Collapse expanded={open}>{open && children}</Collapse>
    </div>
  );
}
