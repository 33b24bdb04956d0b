import "server-only";
import { TRPCError } from "@trpc/server";
import { notFound } from "next/navigation";

/** Reads what a page is about. Nobody's is the page "not found"; forbidden and other failures are told by the page itself. */
export async function fetchOrNotFound(read: () => Promise<unknown>): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (error instanceof TRPCError && (error.code === "NOT_FOUND" || error.code === "BAD_REQUEST"))
      notFound();
  }
}
