"use client";
import { IconArrowRight, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useRouter } from "next/navigation";
import { isMessageId } from "@/server/domain/message-id.ts";
import { useTRPC } from "../_trpc/client.ts";
import { errorKind } from "../_ui/error-code.ts";
import { MessageStateBadge } from "../_ui/message-state-badge.tsx";
import { useMay } from "../_ui/operator-context.tsx";
import type { PaletteEntry } from "./palette-entry.ts";

/** What was typed or pasted, as a message to open or a thing to search for. An id is looked up at once. */
export function useOpenEntries(query: string): PaletteEntry[] {
  const t = useTranslations("palette");
  const router = useRouter();
  const trpc = useTRPC();
  const may = useMay("message.read");
  const text = query.trim();
  const id = text.toLowerCase();
  const isId = isMessageId(id);
  const found = useQuery({
    ...trpc.messages.read.queryOptions({ id }),
    enabled: may && isId,
    retry: false,
  });
  if (!may || text === "") return [];
  const search: PaletteEntry = {
    id: "search",
    label: t("searchFor", { text }),
    icon: <IconSearch size={17} stroke={1.7} aria-hidden />,
    run: () => router.push(`/search?${new URLSearchParams({ q: text })}`),
  };
  if (!isId) return [search];
  if (found.isError && errorKind(found.error) === "notFound")
    return [{ ...search, label: t("noMessage"), aside: t("searchAnyway") }];
  const open: PaletteEntry = {
    id: "open",
    label: t("openMessage", { id }),
    icon: <IconArrowRight size={17} stroke={1.7} aria-hidden />,
    aside: found.data && <MessageStateBadge state={found.data.state} />,
    run: () => router.push(`/messages/${id}`),
  };
  return [open];
}
