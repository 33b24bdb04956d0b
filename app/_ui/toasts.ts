"use client";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import { createElement } from "react";
import { ToastBody, type ToastContent } from "./toast-body.tsx";

/** Long enough to read and to reach for the undo, ms. */
const SHOWN_MS = 6000;
const WITH_UNDO_MS = 12_000;

const listeners = new Set<() => void>();
let wanted = false;
let count = 0;

/** Says that something was done, with the way back or to it. */
export function showDone(content: Omit<ToastContent, "error">): void {
  void show(content, "done");
}

/** Says that something was not done and why. @param message what was tried, in the page's language */
export function showFailed(error: unknown, message: string): void {
  void show({ message, error }, "failed");
}

/** For the host: whether any toast was ever wanted; until then their code is not loaded. */
export function areToastsWanted(): boolean {
  return wanted;
}

export function followToasts(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

async function show(content: ToastContent, kind: "done" | "failed"): Promise<void> {
  wanted = true;
  for (const listener of listeners) listener();
  const { notifications } = await import("@mantine/notifications");
  const id = `toast-${++count}`;
  notifications.show({
    id,
    message: createElement(ToastBody, { ...content, dismiss: () => notifications.hide(id) }),
    color: kind === "done" ? "teal" : "red",
    icon: createElement(kind === "done" ? IconCheck : IconAlertTriangle, { size: 18, "aria-hidden": true }),
    autoClose: kind === "failed" ? false : content.undo ? WITH_UNDO_MS : SHOWN_MS,
    withBorder: true,
  });
}
