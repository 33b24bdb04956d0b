"use client";
import { List, ThemeIcon, VisuallyHidden } from "@mantine/core";
import { IconCheck, IconCircle, IconX } from "@tabler/icons-react";
import { useTranslations } from "next-intl";

interface NameRules<Rule extends string> {
  /** Rules by name; each has its text. */
  rules: Readonly<Record<Rule, (value: string) => boolean>>;
  textOf: (rule: Rule) => string;
  value: string;
}

/** The rules of a name, each ticked off while it is typed. Nothing is wrong with what was not begun. */
export function NameRules<Rule extends string>({ rules, textOf, value }: NameRules<Rule>) {
  const t = useTranslations("registry");
  return (
    <List size="xs" spacing={2} listStyleType="none" aria-label={t("rules")} center>
      {(Object.keys(rules) as Rule[]).map((rule) => {
        const look = value === "" ? LOOKS.open : rules[rule](value) ? LOOKS.kept : LOOKS.broken;
        return (
          <List.Item
            key={rule}
            c={look === LOOKS.broken ? "var(--mantine-color-error)" : "dimmed"}
            icon={
              <ThemeIcon size={16} radius="xl" variant="transparent" c="inherit">
                <look.icon size={14} aria-hidden />
              </ThemeIcon>
            }
          >
            {textOf(rule)} <VisuallyHidden>({t(look.label)})</VisuallyHidden>
          </List.Item>
        );
      })}
    </List>
  );
}

const LOOKS = {
  open: { icon: IconCircle, label: "ruleOpen" },
  kept: { icon: IconCheck, label: "ruleKept" },
  broken: { icon: IconX, label: "ruleBroken" },
} as const;
