import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { SurelayError } from "../errors.ts";
import type { QueueLimit } from "../services/intake/queue-limit.ts";

/** The caller went away while its request was read: there is nobody to answer. */
export class RequestAborted extends Error {}

/** A body in memory. `release` gives its bytes back to the limit, once the call is answered. */
export interface Body {
  bytes: Buffer;
  release: () => void;
}

/**
 * Reads a JSON body as bytes. What is refused is not kept: Node reads it off the connection and drops it.
 *
 * @param limit how many bytes of bodies the process holds at a time
 * @throws SurelayError `validation_failed` (content type, encoding, not UTF-8) | `payload_too_large` | `unavailable` (too
 * many bodies at once); RequestAborted
 */
export async function readBody(request: IncomingMessage, maxBytes: number, limit: QueueLimit): Promise<Body> {
  const { headers } = request;
  if (headers["content-encoding"] !== undefined && headers["content-encoding"] !== "identity")
    throw new SurelayError("validation_failed", "Content-Encoding is not supported: send the body as it is.");
  const announced = headers["content-length"];
  if (announced === undefined && headers["transfer-encoding"] === undefined) return NO_BODY;
  if (announced === "0") return NO_BODY;
  requireJson(headers["content-type"]);
  if (announced !== undefined && Number(announced) > maxBytes) throw tooLarge(maxBytes);
  const body = await collect(request, maxBytes, limit);
  if (isUtf8(body.bytes)) return body;
  body.release();
  throw new SurelayError("validation_failed", "The body is not UTF-8.");
}

const NO_BODY: Body = { bytes: Buffer.alloc(0), release: () => undefined };

function requireJson(contentType: string | undefined): void {
  if (contentType === "application/json") return;
  if (contentType !== undefined && /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(contentType))
    return;
  throw new SurelayError("validation_failed", "Content-Type is not application/json (in UTF-8).");
}

function tooLarge(maxBytes: number): SurelayError {
  return new SurelayError("payload_too_large", `The request body is larger than ${maxBytes} bytes.`);
}

function collect(request: IncomingMessage, maxBytes: number, limit: QueueLimit): Promise<Body> {
  return new Promise((resolve, reject) => {
    if (request.destroyed) return reject(new RequestAborted());
    const chunks: Buffer[] = [];
    let length = 0;
    let taken = 0;
    let done = false;
    const finish = (error: Error | null) => {
      if (done) return;
      done = true;
      if (error) {
        limit.give(taken, length);
        request.resume(); // what still comes is dropped
        return reject(error);
      }
      const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length);
      resolve({ bytes, release: () => limit.give(taken, length) });
    };
    request.on("data", (chunk: Buffer) => {
      if (done) return;
      if (length + chunk.length > maxBytes) return finish(tooLarge(maxBytes));
      if (!limit.take(1, chunk.length))
        return finish(
          new SurelayError(
            "unavailable",
            "The service reads as much as it takes. Nothing was stored; try again.",
            {
              retryAfterSeconds: 1,
            },
          ),
        );
      taken++;
      length += chunk.length;
      chunks.push(chunk);
    });
    request.on("end", () => finish(null));
    const abort = () => {
      if (!done) finish(new RequestAborted());
    };
    request.on("close", abort);
    request.on("error", abort);
  });
}
