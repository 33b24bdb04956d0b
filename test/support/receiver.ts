import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Certificate } from "./certificate.ts";

/** A request that came in. */
export interface Received {
  headers: IncomingMessage["headers"];
  /** The very bytes. */
  body: Buffer;
  /** The connection's other end: the same number is the same connection. */
  socketPort: number;
}

export interface Receiver {
  port: number;
  /** As a server that dies: connections are cut, the port is closed. */
  die(): Promise<void>;
  /** On the same port again. */
  revive(): Promise<void>;
}

/** An HTTP server, over TLS if it has a certificate, on a free loopback port that reads requests whole and leaves answering to `handle`. */
export async function startReceiver(
  handle: (received: Received, response: ServerResponse) => unknown,
  certificate?: Certificate,
): Promise<Receiver> {
  let server: Server | undefined;
  const start = (port: number) =>
    new Promise<number>((resolve, reject) => {
      const listener: RequestListener = (request, response) => {
        const chunks: Buffer[] = [];
        request.on("data", (chunk: Buffer) => chunks.push(chunk));
        request.on("end", () => {
          const body = Buffer.concat(chunks);
          handle({ headers: request.headers, body, socketPort: request.socket.remotePort ?? 0 }, response);
        });
      };
      server = certificate ? createTlsServer(certificate, listener) : createServer(listener);
      server.keepAliveTimeout = 60_000;
      server.once("error", reject);
      server.listen(port, "127.0.0.1", () => resolve((server!.address() as AddressInfo).port));
    });
  const port = await start(0);
  return {
    port,
    die: async () => {
      const dying = server;
      server = undefined;
      if (!dying) return;
      const closed = new Promise((resolve) => dying.close(resolve));
      dying.closeAllConnections();
      await closed;
    },
    revive: async () => void (await start(port)),
  };
}
