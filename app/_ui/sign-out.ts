import { leaveByEnding } from "../_trpc/leave-when-signed-out.ts";

/** Ends the session here and on the server, then shows the sign-in page. Without an answer the page stays. */
export function signOut(): Promise<void> {
  return leaveByEnding(async () => {
    const response = await fetch("/api/auth/sign-out", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    return response.ok;
  }, "/login");
}
