"use client";
import { useSyncExternalStore } from "react";

/** Kept in this browser alone: what was searched for may say much about a business. */
const KEY = "surelay.searches";
const MOST = 8;
const NONE: readonly string[] = [];

const watchers = new Set<() => void>();
let cache: { text: string | null; searches: readonly string[] } = { text: null, searches: NONE };

function read(): readonly string[] {
  const text = stored();
  if (text !== cache.text) cache = { text, searches: parse(text) };
  return cache.searches;
}

/** Null in a browser that keeps nothing. */
function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function parse(text: string | null): readonly string[] {
  try {
    const kept: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string").slice(0, MOST) : NONE;
  } catch {
    return NONE;
  }
}

function write(searches: readonly string[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(searches));
  } catch {
    // A browser that keeps nothing goes without.
  }
  for (const watcher of watchers) watcher();
}

/** Queries that were searched for lately in this browser, newest first. */
export function useRecentSearches(): readonly string[] {
  return useSyncExternalStore(
    (changed) => {
      watchers.add(changed);
      window.addEventListener("storage", changed);
      return () => {
        watchers.delete(changed);
        window.removeEventListener("storage", changed);
      };
    },
    read,
    () => NONE,
  );
}

export function rememberSearch(query: string): void {
  write([query, ...read().filter((one) => one !== query)].slice(0, MOST));
}

export function forgetSearches(): void {
  write(NONE);
}
