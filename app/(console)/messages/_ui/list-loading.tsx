"use client";
import { Skeleton, Stack, VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";
import { PageHeader } from "../../../_ui/page-header.tsx";
import { ListSkeleton } from "./list-skeleton.tsx";

interface ListLoadingProps {
  title: string;
  description?: string;
  /** For who does not see shapes. */
  says: string;
  /** Widths of the filters beside the title, and of those below it. */
  beside: string;
  below: string;
  /** What stands above the filters. */
  children?: ReactNode;
}

/** The shape of a room with a list while its first rows are read. */
export function ListLoading({ title, description, says, beside, below, children }: ListLoadingProps) {
  return (
    <Stack gap="xs" aria-busy>
      <PageHeader title={title} description={description} actions={<Skeleton height={30} width={beside} />} />
      <VisuallyHidden>{says}</VisuallyHidden>
      {children}
      <Skeleton height={24} width={`min(100%, ${below})`} />
      <ListSkeleton />
    </Stack>
  );
}
