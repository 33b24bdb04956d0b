import { requestContext } from "@/app/_server/request-context.ts";
import { auditActor } from "@/server/services/console/audit-origin.ts";
import { EXPORT_FORMATS, exportAudit } from "@/server/services/audit/export-audit.ts";
import { auditFilterInput } from "@/server/trpc/routers/audit/audit-filter.ts";
import { z } from "zod";

export const dynamic = "force-dynamic";

const day = z.coerce.date().nullable();
const query = z.object({
  ...auditFilterInput.shape,
  withinSeconds: z.coerce.number().pipe(auditFilterInput.shape.withinSeconds.unwrap()).nullable(),
  from: day,
  to: day,
  format: z.enum(EXPORT_FORMATS),
});
const NAMES = [
  "actor",
  "action",
  "targetKind",
  "targetId",
  "withinSeconds",
  "from",
  "to",
  "text",
  "format",
] as const;

/** The audit log as a file: all lines that match the filter, streamed. */
export async function GET(request: Request): Promise<Response> {
  // Each export is written down in the name of whoever asks, so another site must not be able to ask.
  const site = request.headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin" && site !== "none") return new Response(null, { status: 403 });
  const { operator, origin, db } = await requestContext(request.headers);
  if (operator === null) return new Response(null, { status: 401 });
  if (!operator.permissions.includes("audit.read")) return new Response(null, { status: 403 });
  const params = new URL(request.url).searchParams;
  const asked = query.safeParse(Object.fromEntries(NAMES.map((name) => [name, params.get(name) || null])));
  if (!asked.success) return new Response("These are no filters of the audit log.", { status: 400 });
  const { format, ...filter } = asked.data;
  const pieces = exportAudit(db, {
    filter,
    format,
    by: auditActor(operator, origin),
    signal: request.signal,
  });
  const first = await pieces.next(); // the entry in the log stands, or the answer is an error
  const name = `surelay-audit-${new Date().toISOString().slice(0, 19).replaceAll(":", "-")}.${format}`;
  return new Response(toStream(first, pieces), {
    headers: {
      "content-type": format === "csv" ? "text/csv; charset=utf-8" : "application/x-ndjson; charset=utf-8",
      "content-disposition": `attachment; filename="${name}"`,
      "cache-control": "no-store",
    },
  });
}

function toStream(
  first: IteratorResult<string, void>,
  rest: AsyncGenerator<string, void>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let next: Promise<IteratorResult<string, void>> | null = Promise.resolve(first);
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = await (next ?? rest.next());
      next = null;
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await rest.return();
    },
  });
}
