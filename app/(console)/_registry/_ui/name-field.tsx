"use client";
import { TextInput } from "@mantine/core";
import { brokenRules } from "@/server/domain/registry-rules.ts";
import { NameRules } from "./name-rules.tsx";

interface NameField<Rule extends string> {
  label: string;
  description: string;
  /** Rules by name; each has its text. */
  rules: Readonly<Record<Rule, (name: string) => boolean>>;
  textOf: (rule: Rule) => string;
  value: string;
  onChange: (name: string) => void;
}

/** A new name, typed with its rules in sight; first of its form. Nothing is wrong with what was not begun. */
export function NameField<Rule extends string>(props: NameField<Rule>) {
  const { label, description, rules, textOf, value, onChange } = props;
  return (
    <div>
      <TextInput
        label={label}
        description={description}
        withAsterisk
        required
        data-autofocus
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        aria-invalid={value !== "" && brokenRules(rules, value).length > 0}
        mb={6}
      />
      <NameRules rules={rules} textOf={textOf} value={value} />
    </div>
  );
}
