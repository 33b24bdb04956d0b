"use client";
import { Skeleton, Stack } from "@mantine/core";
import classes from "./lane-board.module.css";

/** The shape of the room while it loads. */
export function BoardSkeleton() {
  return (
    <Stack>
      <Skeleton height={28} width={160} />
      <div className={classes.board}>
        {Array.from({ length: 4 }, (_, lane) => (
          <Skeleton key={lane} height={260} />
        ))}
      </div>
      <Skeleton height={240} />
    </Stack>
  );
}
