import { Skeleton, Stack } from "@mantine/core";

export default function Loading() {
  return (
    <Stack gap="md" maw="52rem" aria-busy>
      <Skeleton height="2.5rem" width="14rem" />
      <Skeleton height="24rem" />
    </Stack>
  );
}
