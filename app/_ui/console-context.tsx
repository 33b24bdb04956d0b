"use client";
import { type ReactNode, createContext, useContext } from "react";

/** What every page knows about the installation it looks at. */
export interface ConsoleFacts {
  environment: string;
  version: string;
  /** Where producers reach the HTTP API, without a slash at the end. */
  apiUrl: string;
  /** Who holds which permission: the server's own table, for saying whom to ask. */
  holders: Readonly<Record<string, readonly string[]>>;
}

const ConsoleContext = createContext<ConsoleFacts | null>(null);

export function ConsoleFactsRoot({ facts, children }: { facts: ConsoleFacts; children: ReactNode }) {
  return <ConsoleContext value={facts}>{children}</ConsoleContext>;
}

export function useConsoleFacts(): ConsoleFacts {
  const facts = useContext(ConsoleContext);
  if (facts === null) throw new Error("useConsoleFacts is called outside of ConsoleFactsRoot");
  return facts;
}
