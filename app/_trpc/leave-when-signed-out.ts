import { TRPCClientError } from "@trpc/client";

let leaving = false;

/** Goes to the sign-in page, once: whatever else finds the session ended while the page is on its way out is ignored. */
function leaveTo(address: string): void {
  if (leaving) return;
  leaving = true;
  location.assign(address);
}

let endingIt = false;

/**
 * Goes to an address once `end` has ended the session. A call that is under way meanwhile is refused before `end` has its
 * answer; that is no surprise to tell the operator of.
 *
 * @param end resolves with whether the session has ended
 */
export async function leaveByEnding(end: () => Promise<boolean>, address: string): Promise<void> {
  endingIt = true;
  try {
    if (await end()) leaveTo(address);
  } finally {
    endingIt = false;
  }
}

/** An ended session shows with the first call after it: the operator signs in again and comes back to the same page. */
export function leaveWhenSignedOut(error: unknown): void {
  if (endingIt || !isSignedOut(error)) return;
  const next = location.pathname + location.search;
  leaveTo(`/login?${new URLSearchParams({ next, ended: "1" })}`);
}

function isSignedOut(error: unknown): boolean {
  return (
    error instanceof TRPCClientError && (error.data as { code?: string } | null)?.code === "UNAUTHORIZED"
  );
}
