import { requestContext } from "@/app/_server/request-context.ts";
import { isMessageId } from "@/server/domain/message-id.ts";
import { SurelayError } from "@/server/errors.ts";
import { downloadPayload } from "@/server/services/console/read-payload.ts";

export const dynamic = "force-dynamic";

/** The whole payload as a file, exactly as stored. Never shown in place: it may hold a page with scripts. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ id: string }> },
): Promise<Response> {
  const { operator, db } = await requestContext(request.headers);
  if (operator === null) return new Response(null, { status: 401 });
  if (!operator.permissions.includes("payload.read")) return new Response(null, { status: 403 });
  const id = (await params).id.toLowerCase();
  if (!isMessageId(id)) return new Response(null, { status: 404 });
  try {
    const { bytes, contentType } = await downloadPayload(db, id);
    const name = `${id}.${/\bjson\b/i.test(contentType) ? "json" : "bin"}`;
    return new Response(new Uint8Array(bytes), {
      headers: {
        "content-type": "application/octet-stream",
        "content-disposition": `attachment; filename="${name}"`,
        "cache-control": "no-store",
      },
    });
  } catch (error) {
    if (error instanceof SurelayError) return new Response(error.message, { status: error.status });
    throw error;
  }
}
