import { TRPCClientError } from "@trpc/client";

/** An ended session shows with the first call after it: the operator signs in again and comes back to the same page. */
export function leaveWhenSignedOut(error: unknown): void {
  if (!isSignedOut(error)) return;
  const next = location.pathname + location.search;
  location.assign(`/login?${new URLSearchParams({ next, ended: "1" })}`);
}

export function isSignedOut(error: unknown): boolean {
  return (
    error instanceof TRPCClientError && (error.data as { code?: string } | null)?.code === "UNAUTHORIZED"
  );
}
