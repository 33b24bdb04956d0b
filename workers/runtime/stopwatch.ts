import type { Histogram } from "prom-client";

/** Times work, also when it fails. @param histogram of seconds */
export function stopwatch(histogram: Histogram): <T>(work: () => Promise<T>) => Promise<T> {
  return async (work) => {
    const start = performance.now();
    try {
      return await work();
    } finally {
      histogram.observe((performance.now() - start) / 1000);
    }
  };
}
