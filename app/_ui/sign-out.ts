import { leaveTo } from "../_trpc/leave-when-signed-out.ts";

/** Ends the session here and on the server, then shows the sign-in page. Without an answer the page stays. */
export async function signOut(): Promise<void> {
  const response = await fetch("/api/auth/sign-out", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  if (response.ok) leaveTo("/login");
}
