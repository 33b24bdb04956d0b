"use client";
import { Skeleton, Stack } from "@mantine/core";

/** The shape of a list while it loads. */
export function ListSkeleton() {
  return (
    <Stack gap="xs">
      {Array.from({ length: 8 }, (_, row) => (
        <Skeleton key={row} height={38} />
      ))}
    </Stack>
  );
}

/** The shape of a page about one thing. */
export function DetailSkeleton() {
  return (
    <Stack>
      <Skeleton height={40} width="40%" />
      <Skeleton height={180} />
      <Skeleton height={220} />
    </Stack>
  );
}
