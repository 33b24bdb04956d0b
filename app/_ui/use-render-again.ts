"use client";
import { useRouter } from "next/navigation";
import { startTransition } from "react";

/**
 * Renders what failed again. Asks the server anew before: `reset` by itself would only render its old answer.
 *
 * @param reset what the error boundary is given
 */
export function useRenderAgain(reset: () => void): () => void {
  const router = useRouter();
  return () =>
    startTransition(() => {
      router.refresh();
      reset();
    });
}
