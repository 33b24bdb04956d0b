"use client";
import { Button, Code } from "@mantine/core";
import { IconInbox, IconSearchOff } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useQueryStates } from "nuqs";
import { NoticeView } from "../../../_ui/notice-view.tsx";
import { messageParams } from "../message-params.ts";
import classes from "./list-empty.module.css";

/** Why the list is empty, and what to do next. @param scanned how far the search went, when it stopped early */
export function ListEmpty({ scanned, apiPort }: { scanned: number | null; apiPort: number }) {
  const t = useTranslations("messages");
  const [params, setParams] = useQueryStates(messageParams, { history: "push" });
  if (params.before !== null && scanned === null)
    return (
      <NoticeView icon={IconSearchOff} title={t("emptyOlderTitle")}>
        {t("emptyOlderText")}
      </NoticeView>
    );
  if (params.state.length > 0 || params.topic || scanned !== null)
    return (
      <NoticeView
        icon={IconSearchOff}
        title={t("emptyFilteredTitle")}
        action={
          <Button
            variant="default"
            onClick={() => void setParams({ state: null, topic: null, before: null })}
          >
            {t("clear")}
          </Button>
        }
      >
        {scanned === null && t("emptyFilteredText")}
      </NoticeView>
    );
  return (
    <NoticeView icon={IconInbox} title={t("emptyTitle")}>
      <p>{t("emptyText")}</p>
      <Code block className={classes.command} tabIndex={0}>
        {firstMessage(apiPort)}
      </Code>
    </NoticeView>
  );
}

function firstMessage(apiPort: number): string {
  return [
    "npx surelay keys create --app orders --scope produce",
    "",
    `curl http://127.0.0.1:${apiPort}/v1/messages/send \\`,
    '  -H "authorization: Bearer $SURELAY_KEY" -H "content-type: application/json" \\',
    `  -d '{"topic":"orders.created","key":"c-1","payload":{"order":1}}'`,
  ].join("\n");
}
