"use client";
import { IconMail } from "@tabler/icons-react";
import { useQueries } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTRPC } from "../_trpc/client.ts";
import { MessageStateBadge } from "../_ui/message-state-badge.tsx";
import { useMay, useOperator } from "../_ui/operator-context.tsx";
import type { PaletteEntry } from "./palette-entry.ts";
import { recentMessages } from "./recent-messages.ts";

/** Messages that were opened lately, with their state of now; one that is gone is left out. */
export function useRecentEntries(): PaletteEntry[] {
  const trpc = useTRPC();
  const router = useRouter();
  const { username } = useOperator();
  const may = useMay("message.read");
  const [ids] = useState(() => (may ? recentMessages(username) : []));
  const read = useQueries({
    queries: ids.map((id) => ({ ...trpc.messages.read.queryOptions({ id }), retry: false })),
  });
  return read.flatMap(({ data }) =>
    data === undefined
      ? []
      : [
          {
            id: `recent-${data.id}`,
            label: data.businessKey === null ? data.id : `${data.businessKey} · ${data.topic}`,
            words: `${data.id} ${data.topic} ${data.app}`,
            icon: <IconMail size={17} stroke={1.7} aria-hidden />,
            aside: <MessageStateBadge state={data.state} />,
            run: () => router.push(`/messages/${data.id}`),
          },
        ],
  );
}
