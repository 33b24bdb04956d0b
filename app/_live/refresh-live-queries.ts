import type { QueryClient } from "@tanstack/react-query";

/** Mark of queries that follow changes: `queryOptions(input, LIVE)`. */
export const LIVE = { meta: { live: true } } as const;

/**
 * Makes a function that reads the live queries of the page again. Calls during a run are answered by one more run, so
 * that no change is missed and no answer is cancelled by the next change. A hidden page waits until it is looked at.
 */
export function makeRefresher(queryClient: QueryClient): () => void {
  let running = false;
  let wanted = false;

  async function run(): Promise<void> {
    running = true;
    while (wanted && !document.hidden) {
      wanted = false;
      await queryClient.refetchQueries({ type: "active", predicate: (query) => query.meta?.live === true });
    }
    running = false;
  }

  return () => {
    wanted = true;
    if (!running) void run();
  };
}
