import { consoleRuntime } from "@/app/_server/console-runtime.ts";
import { judgeOrigin } from "@/server/auth/same-site.ts";

export const dynamic = "force-dynamic";

/** What of the sign-in library is reachable from outside. Everything else it offers stays closed. */
const OPEN = new Set(["/api/auth/sign-in/username", "/api/auth/sign-out"]);

export function POST(request: Request): Promise<Response> | Response {
  const { auth, origins } = consoleRuntime();
  if (!OPEN.has(new URL(request.url).pathname)) return new Response(null, { status: 404 });
  if (judgeOrigin(request.headers, origins) !== null)
    return new Response("This request does not come from the console.", { status: 403 });
  return auth.handler(request);
}
