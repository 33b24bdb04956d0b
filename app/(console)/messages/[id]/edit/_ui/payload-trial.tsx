"use client";
import { List, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPCClient } from "../../../../../_trpc/client.ts";
import { ErrorText } from "../../../../../_ui/error-text.tsx";

const TYPING_MS = 500;

/** Holds what is typed against the topic's schema, once the typing rests. A schema is advice: it keeps nobody from sending. */
export function PayloadTrial({ topic, payload }: { topic: string; payload: string }) {
  const t = useTranslations("editMessage.schema");
  const client = useTRPCClient();
  const [asked] = useDebouncedValue(payload, TYPING_MS, { leading: true });
  const query = useQuery({
    queryKey: ["payload trial", topic, asked],
    queryFn: () => client.topics.tryPayload.mutate({ topic, payload: asked }),
    placeholderData: keepPreviousData,
    gcTime: 0,
    retry: false,
  });
  const { data } = query;
  const faults = data?.kind === "judged" ? data.faults : [];
  const verdict =
    data === undefined
      ? null
      : data.kind !== "judged"
        ? ("info" as const)
        : faults.length === 0
          ? ("ok" as const)
          : ("bad" as const);
  const Mark = verdict === "ok" ? IconCircleCheck : verdict === "bad" ? IconAlertTriangle : IconInfoCircle;
  return (
    <div
      aria-live="polite"
      aria-busy={asked !== payload || query.isFetching}
      data-schema={verdict ?? undefined}
      style={{ display: "flex", gap: 8, minHeight: 24 }}
    >
      {verdict !== null && (
        <Mark
          size={18}
          aria-hidden
          style={{ flex: "none", marginTop: 1, color: `var(--tone-${verdict}-ink)` }}
        />
      )}
      <Text size="sm" component="div">
        {query.isError && <ErrorText error={query.error} />}
        {data?.kind === "no_schema" && t("none")}
        {data?.kind === "unusable" && t("unusable")}
        {data?.kind === "judged" && (faults.length === 0 ? t("fits") : t("fitsNot"))}
        {faults.length > 0 && (
          <List size="xs" listStyleType="none" lang="en">
            {faults.map(({ path, message }) => (
              <List.Item key={`${path} ${message}`}>
                <code>{path}</code> {message}
              </List.Item>
            ))}
          </List>
        )}
      </Text>
    </div>
  );
}
