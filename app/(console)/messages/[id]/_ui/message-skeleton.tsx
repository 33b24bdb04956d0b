"use client";
import { Skeleton, Stack } from "@mantine/core";
import classes from "./message-view.module.css";

/** The message's shape while it loads. */
export function MessageSkeleton() {
  return (
    <Stack data-skeleton>
      <Skeleton height={72} width="min(100%, 34rem)" />
      <Skeleton height={250} />
      <div className={classes.columns}>
        <div>
          <Skeleton height={190} />
          <Skeleton height={320} />
        </div>
        <div>
          <Skeleton height={330} />
        </div>
      </div>
    </Stack>
  );
}
