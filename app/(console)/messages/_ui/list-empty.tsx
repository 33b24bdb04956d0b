"use client";
import { Button, Code } from "@mantine/core";
import { IconInbox, IconSearchOff } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useQueryStates } from "nuqs";
import { useConsoleFacts } from "../../../_ui/console-context.tsx";
import { EmptyState } from "../../../_ui/empty-state.tsx";
import { NO_FILTER, isFiltered, messageParams } from "../message-params.ts";
import classes from "./list-empty.module.css";

/** Why the list is empty, and what to do next. @param scanned how far the search went, when it stopped early */
export function ListEmpty({ scanned }: { scanned: number | null }) {
  const t = useTranslations("messages");
  const { apiUrl } = useConsoleFacts();
  const [params, setParams] = useQueryStates(messageParams, { history: "push" });
  if (params.before !== null && scanned === null)
    return <EmptyState icon={IconSearchOff} title={t("emptyOlderTitle")} text={t("emptyOlderText")} />;
  if (isFiltered(params) || scanned !== null)
    return (
      <EmptyState
        icon={IconSearchOff}
        title={scanned === null ? t("emptyFilteredTitle") : t("emptyScannedTitle")}
        text={scanned === null ? t("emptyFilteredText") : t("emptyScannedText", { count: scanned })}
        action={
          isFiltered(params) && (
            <Button variant="default" onClick={() => void setParams(NO_FILTER)}>
              {t("clear")}
            </Button>
          )
        }
      />
    );
  return (
    <EmptyState
      icon={IconInbox}
      title={t("emptyTitle")}
      text={
        <>
          <p>{t("emptyText")}</p>
          <Code block className={classes.command} tabIndex={0}>
            {firstMessage(apiUrl)}
          </Code>
        </>
      }
    />
  );
}

function firstMessage(apiUrl: string): string {
  return [
    "npx surelay keys create --app orders --scope produce",
    "",
    `curl ${apiUrl}/v1/messages/send \\`,
    '  -H "authorization: Bearer $SURELAY_API_KEY" -H "content-type: application/json" \\',
    `  -d '{"topic":"orders.created","key":"c-1","payload":{"order":1}}'`,
  ].join("\n");
}
