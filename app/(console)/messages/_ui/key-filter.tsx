"use client";
import { Button, Group, Popover, Stack, Text, TextInput } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useQueryStates } from "nuqs";
import { useState } from "react";
import { messageParams } from "../message-params.ts";

/** Business key and key, compared whole. */
export function KeyFilter() {
  const t = useTranslations("messages");
  const [params, setParams] = useQueryStates(messageParams, { history: "push" });
  const [opened, setOpened] = useState(false);
  const label = [
    params.business && t("businessKeyIs", { key: params.business }),
    params.key && t("keyIs", { key: params.key }),
  ]
    .filter(Boolean)
    .join(" · ");

  function apply(form: FormData) {
    const word = (name: string) => (form.get(name) as string).trim() || null;
    void setParams({ business: word("business"), key: word("key"), before: null });
    setOpened(false);
  }

  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <Button
          size="xs"
          variant="default"
          fw={500}
          maw="16rem"
          leftSection={<IconKey size={15} aria-hidden />}
          onClick={() => setOpened(!opened)}
        >
          {label || t("keys")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t("keys")} p="sm">
        <form action={apply}>
          <Stack gap="xs" w="16rem">
            <TextInput
              size="xs"
              name="business"
              label={t("columns.businessKey")}
              defaultValue={params.business ?? ""}
              maxLength={256}
              autoComplete="off"
            />
            <TextInput
              size="xs"
              name="key"
              label={t("columns.key")}
              defaultValue={params.key ?? ""}
              maxLength={256}
              autoComplete="off"
            />
            <Text size="xs" c="dimmed">
              {t("keysHint")}
            </Text>
            <Group justify="flex-end">
              <Button size="xs" type="submit">
                {t("apply")}
              </Button>
            </Group>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
