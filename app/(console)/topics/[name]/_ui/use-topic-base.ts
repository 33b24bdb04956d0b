"use client";
import { useQueryClient } from "@tanstack/react-query";
import { LIVE } from "../../../../_live/refresh-live-queries.ts";
import { useTRPC } from "../../../../_trpc/client.ts";
import { useEditBase } from "../../../_registry/_ui/use-edit-base.ts";
import type { TopicDetail } from "./topic-detail.ts";

/** What a change of a topic is made from. */
export function useTopicBase(topic: TopicDetail) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { name } = topic;
  return useEditBase(topic, () =>
    queries.fetchQuery(trpc.topics.read.queryOptions({ name }, { staleTime: 0, ...LIVE })),
  );
}
