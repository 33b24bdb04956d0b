"use client";
import { ActionIcon, Button, Checkbox, Popover, Stack } from "@mantine/core";
import { IconColumns3 } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { type ColumnChoice, chooseColumn } from "./choose-columns.ts";
import type { Column } from "./column.ts";

interface Choosing<T> {
  columns: readonly Column<T>[];
  visible: Readonly<Record<string, boolean>>;
  choice: ColumnChoice;
  keep: (choice: ColumnChoice) => void;
}

/** Which columns a table shows. */
export function ColumnMenu<T>({ columns, visible, choice, keep }: Choosing<T>) {
  const t = useTranslations("table");
  return (
    <Popover position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          c="var(--mantine-color-dimmed)"
          size="sm"
          aria-label={t("columns")}
          title={t("columns")}
        >
          <IconColumns3 size={16} aria-hidden />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label={t("columns")} p="sm">
        <Stack gap="xs">
          {columns.map((column) => (
            <Checkbox
              key={column.id}
              size="xs"
              label={column.header}
              checked={visible[column.id]}
              disabled={column.fixed}
              onChange={(event) =>
                keep(chooseColumn(columns, choice, column.id, event.currentTarget.checked))
              }
            />
          ))}
          <Button
            size="compact-xs"
            variant="default"
            disabled={Object.keys(choice).length === 0}
            onClick={() => keep({})}
          >
            {t("columnsReset")}
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
