"use client";
import { Radio, Stack } from "@mantine/core";
import { useTranslations } from "next-intl";

const ROLES = ["viewer", "operator", "admin"] as const;
export type RoleName = (typeof ROLES)[number];

/** One of the roles, each with what it means. */
export function RoleChoice({
  label,
  value,
  onChange,
  error,
}: {
  label: string;
  value: RoleName | null;
  onChange: (role: RoleName) => void;
  error?: string;
}) {
  const t = useTranslations();
  return (
    <Radio.Group
      label={label}
      value={value}
      error={error}
      onChange={(chosen) => {
        const role = ROLES.find((known) => known === chosen);
        if (role !== undefined) onChange(role);
      }}
    >
      <Stack gap={6} mt={6}>
        {ROLES.map((role) => (
          <Radio
            key={role}
            value={role}
            label={t(`roles.${role}`)}
            description={t(`operators.roleText.${role}`)}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}
