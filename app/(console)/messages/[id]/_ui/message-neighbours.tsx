"use client";
import { Anchor, Group, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { MessageStateBadge } from "../../../../_ui/message-state-badge.tsx";
import { Moment } from "../../../../_ui/moment.tsx";
import { QueryView } from "../../../../_ui/query-view.tsx";
import { Section } from "../../../../_ui/section.tsx";
import { useTRPC } from "../../../../_trpc/client.ts";
import classes from "./message-neighbours.module.css";
import type { Message } from "./message-type.ts";

/** Other messages about the same business object, and the ways to more of them and to those of the same key. */
export function MessageNeighbours({ message }: { message: Message }) {
  const t = useTranslations("message");
  const trpc = useTRPC();
  const neighbours = useQuery(trpc.messages.neighbours.queryOptions({ id: message.id }));
  const { key, businessKey } = message;
  if (key === null && businessKey === null) return null;
  return (
    <Section title={t("neighbours")}>
      <Stack gap="sm">
        {businessKey !== null && (
          <QueryView query={neighbours} skeleton={<Skeleton height={60} />}>
            {({ items }) => (
              <>
                {items.length === 0 ? (
                  <Text size="sm" c="dimmed">
                    {t("noNeighbours", { businessKey })}
                  </Text>
                ) : (
                  <ul className={classes.list} aria-label={t("sameBusinessKey", { businessKey })}>
                    {items.map((item) => (
                      <li key={item.id}>
                        <Anchor component={Link} href={`/messages/${item.id}`} size="sm">
                          {item.type ?? item.topic}
                        </Anchor>
                        <MessageStateBadge state={item.state} />
                        <Text component="span" size="xs" c="dimmed">
                          {item.app} · <Moment value={item.storedAt} />
                        </Text>
                      </li>
                    ))}
                  </ul>
                )}
              </>
            )}
          </QueryView>
        )}
        <Group gap="sm">
          {businessKey !== null && neighbours.data?.more && (
            <ListLink filter={{ business: businessKey }} text={t("allOfBusinessKey", { businessKey })} />
          )}
          {key !== null && <ListLink filter={{ key }} text={t("allOfKey", { key })} />}
        </Group>
      </Stack>
    </Section>
  );
}

function ListLink({ filter, text }: { filter: Record<string, string>; text: string }) {
  return (
    <Anchor component={Link} href={`/messages?${new URLSearchParams(filter)}`} size="sm">
      {text}
    </Anchor>
  );
}
