import { Skeleton, Stack } from "@mantine/core";

/** The shape of the list while it is read. */
export function ListSkeleton() {
  return (
    <Stack gap="xs" aria-hidden>
      {Array.from({ length: 8 }, (_, index) => (
        <Skeleton key={index} height="2.1rem" />
      ))}
    </Stack>
  );
}
