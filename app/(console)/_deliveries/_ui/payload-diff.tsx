"use client";
import { Anchor, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { useTRPC } from "../../../_trpc/client.ts";
import { QueryView } from "../../../_ui/query-view.tsx";
import { momentPart } from "../../../_ui/rich-parts.tsx";
import { Section } from "../../../_ui/section.tsx";
import { LineDiff } from "../../_diff/_ui/line-diff.tsx";
import { decodePayload } from "../../messages/[id]/_ui/payload/payload-forms.ts";
import { indentJson } from "../../messages/[id]/_ui/payload/indent-json.ts";
import type { DeliveryItem } from "./delivery-shape.ts";

/** What is different in this payload from the last one of its kind that the same consumer has handled. */
export function PayloadDiff({ delivery }: { delivery: DeliveryItem }) {
  const t = useTranslations("payloadDiff");
  const trpc = useTRPC();
  const { messageId, subscriptionId } = delivery;
  const last = useQuery(
    trpc.deliveries.lastSuccess.queryOptions({ messageId, subscriptionId }, { staleTime: 60_000 }),
  );
  return (
    <Section title={t("title")}>
      <QueryView query={last} skeleton={<Skeleton height={90} />}>
        {(success) => {
          if (success === null)
            return (
              <Text size="sm" c="dimmed">
                {t("none")}
              </Text>
            );
          const { payload, own } = success;
          if (payload.base64 === null || own.base64 === null)
            return (
              <Text size="sm" c="dimmed">
                {t("masked")}
              </Text>
            );
          const before = linesOf(payload.base64, payload.bytes, payload.contentType);
          const after = linesOf(own.base64, own.bytes, own.contentType);
          return (
            <Stack gap="xs" data-payload-diff>
              <Text size="sm" c="dimmed">
                {t.rich("against", {
                  at: momentPart(success.ackedAt),
                  id: () => (
                    <Anchor
                      component={Link}
                      href={`/messages/${success.messageId}`}
                      inherit
                      underline="always"
                      className="mono"
                    >
                      {success.messageId}
                    </Anchor>
                  ),
                })}
              </Text>
              {before === null || after === null ? (
                <Text size="sm">{t("bytes")}</Text>
              ) : before === after ? (
                <Text size="sm">{t("same")}</Text>
              ) : (
                <LineDiff before={before} after={after} what={t("title")} />
              )}
            </Stack>
          );
        }}
      </QueryView>
    </Section>
  );
}

/** A payload as lines that can be compared; null: it is no text. */
function linesOf(base64: string, bytes: number, contentType: string): string | null {
  const { text, exact, json } = decodePayload(base64, bytes, contentType);
  if (!exact) return null;
  return json ? indentJson(text) : text;
}
