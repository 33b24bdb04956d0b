"use client";
import type { inferRouterOutputs } from "@trpc/server";
import { type ReactNode, createContext, useContext } from "react";
import type { AppRouter } from "@/server/trpc/router.ts";

export type CurrentOperator = inferRouterOutputs<AppRouter>["session"]["read"];

const OperatorContext = createContext<CurrentOperator | null>(null);

export function OperatorRoot({ operator, children }: { operator: CurrentOperator; children: ReactNode }) {
  return <OperatorContext value={operator}>{children}</OperatorContext>;
}

/** Who is signed in, on every page behind the sign-in. */
export function useOperator(): CurrentOperator {
  const operator = useContext(OperatorContext);
  if (operator === null) throw new Error("useOperator is called outside of OperatorRoot");
  return operator;
}

/** Whether to offer something; the server decides again when it is asked for. */
export function useMay(permission: CurrentOperator["permissions"][number]): boolean {
  return useOperator().permissions.includes(permission);
}
