"use client";
import { Button, Popover, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { type AuditParams, exportHref, isFiltered } from "../audit-params.ts";

/** The lines that match, as a file. */
export function ExportMenu({ params }: { params: AuditParams }) {
  const t = useTranslations("audit");
  const [opened, setOpened] = useState(false);
  const item = {
    variant: "subtle",
    color: "gray",
    c: "var(--mantine-color-text)",
    justify: "start",
  } as const;
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus returnFocus width={280}>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() => setOpened(!opened)}
        >
          {t("export")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t("export")} p="xs">
        <Stack gap={4}>
          <Button
            {...item}
            component="a"
            href={exportHref(params, "csv")}
            download
            onClick={() => setOpened(false)}
          >
            {t("exportCsv")}
          </Button>
          <Button
            {...item}
            component="a"
            href={exportHref(params, "jsonl")}
            download
            onClick={() => setOpened(false)}
          >
            {t("exportJson")}
          </Button>
          <Text size="xs" c="dimmed" px="sm" pb={4}>
            {t(isFiltered(params) ? "exportText" : "exportTextAll")}
          </Text>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
