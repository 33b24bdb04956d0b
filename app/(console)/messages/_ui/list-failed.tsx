"use client";
import { Alert, Button, Group } from "@mantine/core";
import { IconCloudOff } from "@tabler/icons-react";
import { useTranslations } from "next-intl";

/** The list could not be read; what was read before stays below. */
export function ListFailed({ retry }: { retry: () => void }) {
  const t = useTranslations();
  return (
    <Alert color="red" icon={<IconCloudOff aria-hidden />} title={t("messages.failed")} role="alert">
      <Group>
        {t("errors.text")}
        <Button size="compact-sm" variant="default" onClick={retry}>
          {t("errors.retry")}
        </Button>
      </Group>
    </Alert>
  );
}
