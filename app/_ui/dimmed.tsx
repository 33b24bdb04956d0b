"use client";
import { Text } from "@mantine/core";
import type { ReactNode } from "react";

/** What stands in a value's place: that there is none, or what holds without one. As large as the text around it. */
export function Dimmed({ children }: { children: ReactNode }) {
  return (
    <Text span inherit c="dimmed">
      {children}
    </Text>
  );
}
