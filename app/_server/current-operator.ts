import "server-only";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import type { Operator } from "@/server/auth/read-operator.ts";
import type { ConsoleContext } from "@/server/trpc/context.ts";
import { requestContext } from "./request-context.ts";

/** One context per rendered page: the session is read once, however many parts ask. */
export const pageContext = cache(async (): Promise<ConsoleContext> => requestContext(await headers()));

/**
 * Who is signed in; nobody is sent to the sign-in page, which leads back here, and
 * who has a temporary password to where it is replaced.
 */
export async function requireOperator(): Promise<Operator> {
  const { operator } = await pageContext();
  if (operator?.mustChangePassword) redirect("/change-password");
  if (operator !== null) return operator;
  const next = (await headers()).get("x-address") ?? "/";
  return redirect(`/login?${new URLSearchParams({ next, ended: "1" })}`);
}
