"use client";
import { Collapse, Text, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useState } from "react";
import { CodeText } from "../../_registry/_ui/code-text.tsx";

/** A long text behind one line. @param label names it for who cannot see where it stands */
export function FoldedText({ text, title, label }: { text: string; title: string; label: string }) {
  const [open, setOpen] = useState(false);
  const Mark = open ? IconChevronDown : IconChevronRight;
  return (
    <div>
      <UnstyledButton
        onClick={() => setOpen(!open)}
        aria-expanded={open}
        aria-label={label}
        data-unfold
        mb={open ? 6 : 0}
      >
        <Text size="sm" component="span" c="dimmed" style={{ display: "inline-flex", gap: 4 }}>
          <Mark size={16} aria-hidden /> {title}
        </Text>
      </UnstyledButton>
      <Collapse expanded={open}>{open && <CodeText text={text} what={label} />}</Collapse>
    </div>
  );
}
