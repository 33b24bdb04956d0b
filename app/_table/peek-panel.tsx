"use client";
import { ActionIcon, Button, FocusTrap, Group, VisuallyHidden } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconArrowDown, IconArrowUp, IconArrowsDiagonal, IconX } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import Link from "next/link";
import { type ReactNode, useEffect, useRef } from "react";
import classes from "./peek-panel.module.css";

interface Peek {
  /** Names the list, for who cannot see it. */
  caption: string;
  /** The row's own page. */
  href: string | null;
  move: (step: 1 | -1) => void;
  close: () => void;
  children: ReactNode;
}

/**
 * One row beside its list: the list stays usable, so this is no modal dialog, except on a narrow window, which it covers.
 */
export function PeekPanel({ caption, href, move, close, children }: Peek) {
  const t = useTranslations("table");
  const covering = useMediaQuery("(max-width: 48em)") ?? false;
  const panel = useRef<HTMLDialogElement>(null);
  useEffect(() => panel.current?.focus({ preventScroll: true }), []);
  return (
    <FocusTrap active={covering} innerRef={panel}>
      <dialog
        open
        aria-modal={covering || undefined}
        aria-label={t("peek", { caption })}
        tabIndex={-1}
        className={classes.panel}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || event.defaultPrevented) return;
          event.preventDefault();
          close();
        }}
      >
        <Group justify="space-between" wrap="nowrap" className={classes.bar}>
          <Group gap={4} wrap="nowrap">
            <BarButton label={t("next")} onClick={() => move(1)}>
              <IconArrowDown size={16} aria-hidden />
            </BarButton>
            <BarButton label={t("previous")} onClick={() => move(-1)}>
              <IconArrowUp size={16} aria-hidden />
            </BarButton>
            <VisuallyHidden>{t("keysHint")}</VisuallyHidden>
          </Group>
          <Group gap="xs" wrap="nowrap">
            {href !== null && (
              <Button
                component={Link}
                href={href}
                prefetch={false}
                size="compact-sm"
                variant="default"
                leftSection={<IconArrowsDiagonal size={15} aria-hidden />}
              >
                {t("open")}
              </Button>
            )}
            <BarButton label={t("close")} onClick={close}>
              <IconX size={16} aria-hidden />
            </BarButton>
          </Group>
        </Group>
        <div className={classes.content}>{children}</div>
      </dialog>
    </FocusTrap>
  );
}

function BarButton({
  label,
  onClick,
  children,
}: {
  label: string;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      c="var(--mantine-color-text)"
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      {children}
    </ActionIcon>
  );
}
