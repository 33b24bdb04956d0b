import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { consoleRuntime } from "@/app/_server/console-runtime.ts";
import { requestContext } from "@/app/_server/request-context.ts";
import { judgeOrigin } from "@/server/auth/same-site.ts";
import { appRouter } from "@/server/trpc/router.ts";

export const dynamic = "force-dynamic";

function handle(request: Request): Promise<Response> | Response {
  if (request.method === "POST" && judgeOrigin(request.headers, consoleRuntime().origins) !== null)
    return new Response("This request does not come from the console.", { status: 403 });
  return fetchRequestHandler({
    endpoint: "/api/trpc",
    req: request,
    router: appRouter,
    createContext: ({ req }) => requestContext(req.headers),
    responseMeta: () => ({
      headers: new Headers({ "cache-control": "no-store, no-transform", "x-accel-buffering": "no" }),
    }),
  });
}

export { handle as GET, handle as POST };
