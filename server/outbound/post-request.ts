import http from "node:http";
import https from "node:https";
import { AddressNotAllowed, type GuardedAgents } from "./guarded-agent.ts";

/** A body longer than that is not read further: no honest answer is that long. */
const MOST_BODY_BYTES = 64 * 1024;

export interface Post {
  url: URL;
  body: string | Buffer;
  /** `content-type` among them; the length is added. */
  headers: Record<string, string>;
  /** For all of it, from connecting to the last byte of the answer, ms. */
  timeoutMs: number;
}

/** What came back. No exception: every end of a request is a value, and says whether anything was sent. */
export type PostResult =
  | {
      kind: "answered";
      status: number;
      /** The header `retry-after` as it stands; null: none. */
      retryAfter: string | null;
      body: Buffer;
      tooLarge: boolean;
      durationMs: number;
    }
  /** Sent, at least in part: the other side may have seen it. `status` if the answer had begun. */
  | {
      kind: "lost";
      error: "timeout" | "connection_lost";
      detail: string;
      status: number | null;
      durationMs: number;
    }
  | {
      kind: "unsent";
      error: "address_not_allowed" | "name_not_resolved" | "not_connected";
      detail: string;
      durationMs: number;
    };

/** POSTs once. Redirects are answers like any other and not followed: they would lead past the check of the address. */
export async function postRequest(agents: GuardedAgents, post: Post): Promise<PostResult> {
  const started = performance.now();
  const first = await attempt(agents, post, started);
  if (first !== "stale_connection") return first;
  // The server closed a kept connection just as it was used again, and answered nothing: asked anew on another one.
  const second = await attempt(agents, post, started, true);
  return second === "stale_connection" ? unreachable() : second;
}

function attempt(
  agents: GuardedAgents,
  { url, body, headers, timeoutMs }: Post,
  started: number,
  fresh = false,
): Promise<PostResult | "stale_connection"> {
  const secure = url.protocol === "https:";
  return new Promise((resolve) => {
    let connected = false;
    let status: number | null = null;
    const chunks: Buffer[] = [];
    let bytes = 0;
    const durationMs = () => performance.now() - started;
    const finish = (result: PostResult | "stale_connection") => {
      clearTimeout(timer);
      resolve(result);
    };
    const lost = (error: "timeout" | "connection_lost", detail: string) =>
      finish({ kind: "lost", error, detail, status, durationMs: durationMs() });
    const unsent = (error: "address_not_allowed" | "name_not_resolved" | "not_connected", detail: string) =>
      finish({ kind: "unsent", error, detail, durationMs: durationMs() });
    const seconds = timeoutMs / 1000;
    const timer = setTimeout(
      () => {
        if (connected) lost("timeout", `no complete answer within ${seconds} s`);
        else unsent("not_connected", `no connection within ${seconds} s`);
        request?.destroy();
      },
      Math.max(1, timeoutMs - durationMs()),
    );
    let request: http.ClientRequest | undefined;
    const failed = (error: NodeJS.ErrnoException) => {
      if (error instanceof AddressNotAllowed) return unsent("address_not_allowed", error.message);
      if (!connected) {
        const named =
          error.code === "ENOTFOUND" || error.code === "EAI_AGAIN" || error.syscall === "getaddrinfo";
        return unsent(named ? "name_not_resolved" : "not_connected", wordsOf(error));
      }
      if (request?.reusedSocket && status === null && bytes === 0 && !fresh)
        return finish("stale_connection");
      return lost("connection_lost", wordsOf(error));
    };
    try {
      request = (secure ? https : http).request(url, {
        method: "POST",
        agent: agents.pick(url.protocol, !fresh),
        headers: { ...headers, "content-length": Buffer.byteLength(body) },
      });
    } catch (error) {
      return failed(error as NodeJS.ErrnoException);
    }
    request.on("error", failed);
    request.on("socket", (socket) => {
      if (request.reusedSocket) connected = true;
      else socket.once(secure ? "secureConnect" : "connect", () => (connected = true));
    });
    request.on("response", (response) => {
      status = response.statusCode ?? 0;
      const answered = (tooLarge: boolean) =>
        finish({
          kind: "answered",
          status: status!,
          retryAfter: response.headers["retry-after"] ?? null,
          body: Buffer.concat(chunks),
          tooLarge,
          durationMs: durationMs(),
        });
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes - chunk.length < MOST_BODY_BYTES) chunks.push(chunk);
        if (bytes <= MOST_BODY_BYTES) return;
        answered(true);
        request?.destroy();
      });
      response.on("end", () => answered(false));
      response.on("error", failed);
    });
    request.end(body);
  });
}

function unreachable(): never {
  throw new Error("a fresh connection is never stale");
}

function wordsOf(error: NodeJS.ErrnoException): string {
  if (error.code === undefined) return error.message;
  return error.message.includes(error.code) ? error.message : `${error.message} (${error.code})`;
}
