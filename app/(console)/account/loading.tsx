import { Skeleton, Stack } from "@mantine/core";
import { LoadingPage } from "../../_ui/loading-page.tsx";

export default function Loading() {
  return (
    <LoadingPage>
      <Stack gap="md" maw="52rem">
        <Skeleton height="2.5rem" width="14rem" />
        <Skeleton height="24rem" />
      </Stack>
    </LoadingPage>
  );
}
