import { TRPCClientError } from "@trpc/client";

let leaving = false;

/** Goes to the sign-in page, once: whatever else finds the session ended while the page is on its way out is ignored. */
export function leaveTo(address: string): void {
  if (leaving) return;
  leaving = true;
  location.assign(address);
}

/** An ended session shows with the first call after it: the operator signs in again and comes back to the same page. */
export function leaveWhenSignedOut(error: unknown): void {
  if (!isSignedOut(error)) return;
  const next = location.pathname + location.search;
  leaveTo(`/login?${new URLSearchParams({ next, ended: "1" })}`);
}

function isSignedOut(error: unknown): boolean {
  return (
    error instanceof TRPCClientError && (error.data as { code?: string } | null)?.code === "UNAUTHORIZED"
  );
}
