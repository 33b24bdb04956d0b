import { consoleRuntime } from "../_server/console-runtime.ts";

export const dynamic = "force-dynamic";

/** Whether pages can be served: the database answers and is migrated. */
export async function GET(): Promise<Response> {
  const { db, log } = consoleRuntime();
  const headers = { "cache-control": "no-store" };
  try {
    await db.query("SELECT FROM auth_user LIMIT 1");
    return Response.json({ status: "ready" }, { headers });
  } catch (error) {
    log.warn({ err: error }, "not ready: the database does not answer or is not migrated");
    return Response.json({ status: "not ready", database: "unavailable" }, { status: 503, headers });
  }
}
