"use client";
import { type ReactNode, createContext, useContext } from "react";

export interface KeyLimits {
  /** How long a revoked key may still be accepted, seconds. */
  cacheSeconds: number;
  /** Messages per second of a key that names no rate. */
  defaultRate: number;
}

const LimitsContext = createContext<KeyLimits | null>(null);

export function KeyLimitsRoot({ limits, children }: { limits: KeyLimits; children: ReactNode }) {
  return <LimitsContext value={limits}>{children}</LimitsContext>;
}

export function useKeyLimits(): KeyLimits {
  const limits = useContext(LimitsContext);
  if (limits === null) throw new Error("useKeyLimits is called outside of KeyLimitsRoot");
  return limits;
}
