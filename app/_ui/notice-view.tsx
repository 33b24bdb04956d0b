"use client";
import { Stack, Text, ThemeIcon, Title } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./notice-view.module.css";

interface Notice {
  icon: Icon;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  /** Heading level: 1 when it stands for the whole page. */
  order?: 1 | 2;
}

/** Says in the middle of an otherwise empty place why it is empty and what to do next. */
export function NoticeView({ icon: NoticeIcon, title, children, action, order = 2 }: Notice) {
  return (
    <Stack align="center" gap="sm" className={classes.notice}>
      <ThemeIcon size={52} radius="xl" variant="default" aria-hidden>
        <NoticeIcon size={26} stroke={1.6} />
      </ThemeIcon>
      <Title order={order} size="h4" ta="center">
        {title}
      </Title>
      <Text c="dimmed" ta="center" component="div" maw="44rem" w="100%">
        {children}
      </Text>
      {action}
    </Stack>
  );
}
