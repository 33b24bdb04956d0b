import { createConnection, createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll } from "vitest";

/** `before`: COMMIT does not reach the server. `after`: the server commits, and its answer is lost. */
export type CutAt = "before" | "after";

export interface CutProxy {
  port: number;
  /** Cuts the first connection from now on over which a COMMIT goes; `refuseAfter`: and all others, until `mend`. */
  cutAtCommit(at: CutAt, options?: { refuseAfter?: boolean }): void;
  /** Lets new connections through again. */
  mend(): void;
}

/** A TCP proxy in front of a database server that loses a connection in the one moment that matters. */
export function useCutProxy(targetPort: () => number): CutProxy {
  const proxy = {} as CutProxy;
  const sockets = new Set<Socket>();
  let cut: { at: CutAt; refuseAfter: boolean } | null = null;
  let refusing = false;
  const server = createServer((client) => {
    if (refusing) return void client.destroy();
    const upstream = createConnection(targetPort(), "127.0.0.1");
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    let losing = false;
    client.on("data", (chunk) => {
      if (cut && /\bcommit\b/i.test(chunk.toString("latin1"))) {
        const { at, refuseAfter } = cut;
        cut = null;
        refusing = refuseAfter;
        if (refuseAfter)
          for (const other of sockets) if (other !== client && other !== upstream) other.destroy();
        if (at === "before") return void client.destroy();
        losing = true;
      }
      upstream.write(chunk);
    });
    upstream.on("data", (chunk) => {
      if (losing) client.destroy();
      else client.write(chunk);
    });
  });
  beforeAll(async () => {
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    Object.assign(proxy, {
      port: (server.address() as AddressInfo).port,
      cutAtCommit: (at: CutAt, { refuseAfter = false } = {}) => (cut = { at, refuseAfter }),
      mend: () => (refusing = false),
    } satisfies CutProxy);
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((closed) => server.close(closed));
  });
  return proxy;
}
