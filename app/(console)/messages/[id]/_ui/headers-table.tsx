"use client";
import { Table, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import { Section } from "../../../../_ui/section.tsx";

/** The message's own headers, by name. */
export function HeadersTable({ headers }: { headers: Record<string, string> }) {
  const t = useTranslations("message");
  const entries = Object.entries(headers);
  return (
    <Section title={t("headers")}>
      {entries.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t("noHeaders")}
        </Text>
      ) : (
        <Table fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{t("headerName")}</Table.Th>
              <Table.Th scope="col">{t("headerValue")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {entries.map(([name, value]) => (
              <Table.Tr key={name}>
                <Table.Td className="mono">{name}</Table.Td>
                <Table.Td className="mono">{value}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Section>
  );
}
