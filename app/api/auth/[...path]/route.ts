import { consoleRuntime } from "@/app/_server/console-runtime.ts";

export const dynamic = "force-dynamic";

function handle(request: Request): Promise<Response> {
  return consoleRuntime().door.handle(request);
}

export { handle as GET, handle as POST };
