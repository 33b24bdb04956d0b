"use client";
import dynamic from "next/dynamic";
import { useSyncExternalStore } from "react";
import { areToastsWanted, followToasts } from "./toasts.ts";

const Notifications = dynamic(() => import("@mantine/notifications").then((m) => m.Notifications), {
  ssr: false,
});

/** Where toasts appear; loaded with the first one. */
export function ToastHost() {
  const wanted = useSyncExternalStore(followToasts, areToastsWanted, () => false);
  return wanted && <Notifications position="bottom-right" limit={4} />;
}
