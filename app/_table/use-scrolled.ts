"use client";
import { useSyncExternalStore } from "react";

/** Whether the window is scrolled down further than `pixels`. */
export function useScrolled(pixels: number): boolean {
  return useSyncExternalStore(
    (changed) => {
      window.addEventListener("scroll", changed, { passive: true });
      return () => window.removeEventListener("scroll", changed);
    },
    () => window.scrollY > pixels,
    () => false,
  );
}
