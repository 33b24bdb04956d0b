"use client";
import { Select } from "@mantine/core";

type Option = { value: string; label: string };

interface NameFilterProps {
  label: string;
  /** What stands there while nothing is chosen. */
  any: string;
  nothingFound?: string;
  value: string | null;
  onChange: (value: string | null) => void;
  options: readonly (string | Option)[];
  width?: string;
  className?: string;
}

/** Narrows a list to one of many names. An address may hold one that is no longer there: it is shown as it is. */
export function NameFilter(props: NameFilterProps) {
  const { value, options, width, className } = props;
  const known = options.map((one) => (typeof one === "string" ? { value: one, label: one } : one));
  const gone = value !== null && value !== "" && !known.some((one) => one.value === value);
  return (
    <Select
      className={className}
      size="xs"
      w={width}
      aria-label={props.label}
      placeholder={props.any}
      searchable
      clearable
      nothingFoundMessage={props.nothingFound}
      value={value}
      onChange={props.onChange}
      data={gone ? [{ value, label: value }, ...known] : known}
    />
  );
}
