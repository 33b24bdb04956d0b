import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import { PEER_HEADER } from "@/server/auth/client-address.ts";

/**
 * Writes the other end of every connection into its request's headers, before anything reads them. Routes see headers
 * alone, and the framework's own x-forwarded-for keeps whatever a client put there.
 */
export function stampPeerAddress(): void {
  subscribe("http.server.request.start", (message) => {
    const { request } = message as { request: IncomingMessage };
    request.headers[PEER_HEADER] = request.socket.remoteAddress ?? "";
  });
}
