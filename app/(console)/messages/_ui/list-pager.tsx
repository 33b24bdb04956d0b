"use client";
import { Button, Group, Text } from "@mantine/core";
import { IconArrowBarToUp, IconArrowRight } from "@tabler/icons-react";
import type { inferRouterOutputs } from "@trpc/server";
import { useTranslations } from "next-intl";
import { useQueryStates } from "nuqs";
import type { AppRouter } from "@/server/trpc/router.ts";
import { messageParams } from "../message-params.ts";

type Page = inferRouterOutputs<AppRouter>["messages"]["list"];

/** On to older messages and back to the newest; says when a page is short because the search stopped early. */
export function ListPager({ page, shown }: { page: Page; shown: number }) {
  const t = useTranslations("messages");
  const [params, setParams] = useQueryStates(messageParams, { history: "push", scroll: true });
  return (
    <Group component="nav" aria-label={t("pages")} gap="sm">
      {params.before !== null && (
        <Button
          variant="default"
          leftSection={<IconArrowBarToUp size={16} aria-hidden />}
          onClick={() => void setParams({ before: null })}
        >
          {t("newest")}
        </Button>
      )}
      {page.nextBefore !== null && (
        <Button
          variant="default"
          rightSection={<IconArrowRight size={16} aria-hidden />}
          onClick={() => void setParams({ before: page.nextBefore })}
        >
          {page.scanned === null ? t("older") : t("searchOn")}
        </Button>
      )}
      <Text size="sm" c="dimmed">
        {page.scanned !== null && t("scanned", { count: page.scanned })}
        {page.nextBefore === null && shown > 0 && t("end")}
      </Text>
    </Group>
  );
}
