import { consoleRuntime } from "../_server/console-runtime.ts";

export const dynamic = "force-dynamic";

/** Figures of this process for Prometheus. */
export async function GET(): Promise<Response> {
  const { metrics } = consoleRuntime();
  return new Response(await metrics.metrics(), { headers: { "content-type": metrics.contentType } });
}
