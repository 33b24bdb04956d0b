"use client";
import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { LIVE } from "../../../_live/refresh-live-queries.ts";
import { useTRPC } from "../../../_trpc/client.ts";
import { PageHeader } from "../../../_ui/page-header.tsx";
import { QueryView } from "../../../_ui/query-view.tsx";
import { BoardAlerts } from "./board-alerts.tsx";
import { BoardSkeleton } from "./board-skeleton.tsx";
import { InstanceSection } from "./instance-section.tsx";
import { LaneSection } from "./lane-section.tsx";

/** Who does the work: lanes with their owners and leases, processes with their heartbeats. */
export function WorkersView() {
  const t = useTranslations("workers");
  const trpc = useTRPC();
  const query = useQuery(trpc.workers.board.queryOptions(undefined, LIVE));
  return (
    <Stack>
      <PageHeader title={t("title")} description={t("description")} />
      <QueryView query={query} skeleton={<BoardSkeleton />}>
        {(board) => (
          <Stack>
            <BoardAlerts board={board} />
            <LaneSection board={board} />
            <InstanceSection board={board} />
          </Stack>
        )}
      </QueryView>
    </Stack>
  );
}
