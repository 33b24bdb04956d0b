"use client";
import { Paper, Stack, Text, VisuallyHidden } from "@mantine/core";
import { IconCheck, IconMinus } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { Fragment } from "react";
import { useOperator } from "../../../../_ui/operator-context.tsx";
import { PageHeader } from "../../../../_ui/page-header.tsx";
import { roleKey } from "../../../../_ui/role-key.ts";
import type { PermissionName } from "../../../../_ui/use-gate.ts";
import { PERMISSION_GROUPS } from "./permission-groups.ts";
import classes from "./permissions-view.module.css";

type RoleName = "viewer" | "operator" | "admin";

interface Permissions {
  /** Weakest first. */
  roles: readonly RoleName[];
  /** The server's own table. */
  table: Readonly<Record<PermissionName, readonly RoleName[]>>;
}

/** Every permission with the roles that hold it, in words; the own role is marked. */
export function PermissionsView({ roles, table }: Permissions) {
  const t = useTranslations();
  const { username, role: own } = useOperator();
  return (
    <Stack gap="md" maw="58rem">
      <PageHeader
        title={t("access.title")}
        description={t("access.description")}
        back={{ href: "/account", label: t("account.title") }}
      />
      <Text size="sm">{t("access.yours", { name: username, role: t(`roles.${roleKey(own)}`) })}</Text>
      <Paper withBorder className={classes.frame}>
        <table className={classes.table}>
          <caption className={classes.caption}>{t("access.caption")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("access.permission")}</th>
              {roles.map((role) => (
                <th key={role} scope="col" data-own={role === own || undefined} className={classes.role}>
                  {role === own ? t("access.you", { role: t(`roles.${role}`) }) : t(`roles.${role}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {PERMISSION_GROUPS.map(({ name, permissions }) => (
              <Fragment key={name}>
                <tr className={classes.group}>
                  <th scope="rowgroup" colSpan={roles.length + 1}>
                    {t(`access.groups.${name}`)}
                  </th>
                </tr>
                {permissions.map((permission) => (
                  <tr key={permission}>
                    <th scope="row" className={classes.permission}>
                      <span>{t(`access.permissions.${permission}.name`)}</span>
                      <Text size="xs" c="dimmed" component="span">
                        {t(`access.permissions.${permission}.text`)}
                      </Text>
                    </th>
                    {roles.map((role) => {
                      const may = table[permission].includes(role);
                      const Mark = may ? IconCheck : IconMinus;
                      return (
                        <td key={role} data-own={role === own || undefined} data-may={may || undefined}>
                          <Mark size={17} stroke={may ? 2.4 : 1.6} aria-hidden />
                          <VisuallyHidden>{t(may ? "access.may" : "access.mayNot")}</VisuallyHidden>
                        </td>
                      );
                    })}
                  </tr>
                ))}
              </Fragment>
            ))}
          </tbody>
        </table>
      </Paper>
    </Stack>
  );
}
