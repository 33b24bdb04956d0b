"use client";
import { Skeleton, Stack } from "@mantine/core";

const ROWS = 30;

/** The list's shape while it loads. */
export function ListSkeleton() {
  return (
    <Stack gap={5}>
      {Array.from({ length: ROWS }, (_, row) => (
        <Skeleton key={row} height={19} />
      ))}
    </Stack>
  );
}
