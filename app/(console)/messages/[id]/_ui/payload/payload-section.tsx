"use client";
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { QueryView } from "../../../../../_ui/query-view.tsx";
import { Section } from "../../../../../_ui/section.tsx";
import { useTRPC } from "../../../../../_trpc/client.ts";
import { MessageHeaders } from "../message-headers.tsx";
import type { Message } from "../message-type.ts";
import { MaskedPayload } from "./masked-payload.tsx";
import { PayloadView } from "./payload-view.tsx";
import { UnmaskedBar } from "./unmasked-bar.tsx";
import { useUnmasked } from "./use-unmasked.ts";

/** Payload and headers, or, for a masked topic, the way to see them for a while. A payload never changes, so it is read once. */
export function PayloadSection({ message }: { message: Message }) {
  const t = useTranslations("payload");
  const trpc = useTRPC();
  const plain = useQuery(trpc.messages.payload.queryOptions({ id: message.id }, { staleTime: Infinity }));
  const look = useUnmasked(message.id);
  const waiting = (
    <Section title={t("title")}>
      <Skeleton height={160} />
    </Section>
  );
  return (
    <QueryView query={plain} skeleton={waiting}>
      {(covered) => {
        const shown = look.payload ?? covered;
        if (shown.base64 === null) return <MaskedPayload look={look} />;
        return (
          <>
            <PayloadView
              id={message.id}
              base64={shown.base64}
              bytes={shown.bytes}
              contentType={shown.contentType}
              downloadable={!message.masked}
              note={look.payload !== null && <UnmaskedBar look={look} />}
            />
            <MessageHeaders headers={shown.headers ?? {}} />
          </>
        );
      }}
    </QueryView>
  );
}
