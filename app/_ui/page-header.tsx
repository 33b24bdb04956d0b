"use client";
import { Anchor, Group, Text, Title } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import Link from "next/link";
import type { ReactNode } from "react";
import classes from "./page-header.module.css";

interface Header {
  title: ReactNode;
  /** One line: what the page is for. */
  description?: ReactNode;
  /** Stands right of the title, below it on a narrow window. */
  actions?: ReactNode;
  /** The list this page was opened from. */
  back?: { href: string; label: string };
}

/** What every page begins with: its one first-level heading, the way back, what can be done here. */
export function PageHeader({ title, description, actions, back }: Header) {
  return (
    <header className={classes.header}>
      <div className={classes.words}>
        {back && (
          <Anchor component={Link} href={back.href} size="sm" w="fit-content">
            <Group gap={4} component="span" wrap="nowrap">
              <IconArrowLeft size={16} aria-hidden />
              {back.label}
            </Group>
          </Anchor>
        )}
        <Title order={1} size="h3" className={classes.title}>
          {title}
        </Title>
        {description !== undefined && (
          <Text size="sm" c="dimmed" component="div" maw="60rem">
            {description}
          </Text>
        )}
      </div>
      {actions !== undefined && <div className={classes.actions}>{actions}</div>}
    </header>
  );
}
