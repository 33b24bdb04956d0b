"use client";
import { Skeleton, Stack } from "@mantine/core";

/** The panel's shape while its message is read. */
export function PeekSkeleton() {
  return (
    <Stack gap="sm" aria-busy>
      <Skeleton height={24} width="60%" />
      <Skeleton height={180} />
      <Skeleton height={140} />
      <Skeleton height={160} />
    </Stack>
  );
}
