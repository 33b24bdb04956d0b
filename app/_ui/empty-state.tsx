"use client";
import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { NoticeView } from "./notice-view.tsx";

interface Empty {
  icon: Icon;
  title: string;
  /** Why there is nothing, and what to do next. */
  text?: ReactNode;
  action?: ReactNode;
}

/** Where a list or a part of a page has nothing to show. */
export function EmptyState({ icon, title, text, action }: Empty) {
  return (
    <NoticeView icon={icon} title={title} action={action}>
      {text}
    </NoticeView>
  );
}
