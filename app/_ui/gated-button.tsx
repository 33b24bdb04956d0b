"use client";
import { ActionIcon, type ActionIconProps, Button, type ButtonProps, Tooltip } from "@mantine/core";
import type { ComponentPropsWithoutRef, MouseEvent } from "react";
import { type PermissionName, useGate } from "./use-gate.ts";

interface Gate {
  /** Null: every role may. */
  permission: PermissionName | null;
  /** Why it cannot be done just now, though the role may. */
  blocked?: string | null;
}

type Native = Omit<ComponentPropsWithoutRef<"button">, keyof ButtonProps | "color">;

/**
 * A button for who may. For others, or while something stands in the way, it stays in its place, takes the focus and says
 * why it does nothing.
 */
export function GatedButton({ permission, blocked, ...props }: Gate & ButtonProps & Native) {
  const reason = useGate(permission, blocked);
  if (reason === null) return <Button {...props} />;
  return (
    <Closed reason={reason}>
      <Button {...props} {...closed} />
    </Closed>
  );
}

type IconNative = Omit<ComponentPropsWithoutRef<"button">, keyof ActionIconProps | "color">;

/** The same for a button that is an icon alone; give it an aria-label. */
export function GatedActionIcon({ permission, blocked, ...props }: Gate & ActionIconProps & IconNative) {
  const reason = useGate(permission, blocked);
  if (reason === null) return <ActionIcon {...props} />;
  return (
    <Closed reason={reason}>
      <ActionIcon {...props} {...closed} />
    </Closed>
  );
}

/** `disabled` itself would take the button out of the tab order, and its reason with it. */
const closed = {
  "aria-disabled": true,
  "data-disabled": true,
  disabled: false,
  type: "button",
  onClick: (event: MouseEvent) => event.preventDefault(),
} as const;

function Closed({ reason, children }: { reason: string; children: React.ReactElement }) {
  return (
    <Tooltip label={reason} multiline maw={320} events={{ hover: true, focus: true, touch: true }} withArrow>
      {children}
    </Tooltip>
  );
}
