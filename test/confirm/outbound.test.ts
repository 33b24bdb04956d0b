import { createServer, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { afterEach, expect, test } from "vitest";
import { parseAllowedHosts } from "../../server/outbound/allowed-hosts.ts";
import {
  createGuardedAgents,
  type GuardedAgents,
  type Resolve,
} from "../../server/outbound/guarded-agent.ts";
import { postRequest } from "../../server/outbound/post-request.ts";

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

async function serve(
  handler: Parameters<typeof createServer>[1],
): Promise<{ port: number; server: Server; hits: () => number }> {
  let hits = 0;
  const server = createServer((request, response) => {
    hits++;
    request.resume();
    (handler as (a: typeof request, b: typeof response) => void)(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => (server.closeAllConnections(), server.close()));
  return { port: (server.address() as AddressInfo).port, server, hits: () => hits };
}

function agents(allowed: string[], resolve?: Resolve): GuardedAgents {
  const made = createGuardedAgents(parseAllowedHosts(allowed), resolve);
  closing.push(() => made.close());
  return made;
}

/** A name that leads to one address after the other. */
function leadsTo(...addresses: string[]): Resolve & { asked: () => number } {
  let asked = 0;
  const resolve: Resolve = (_host, _options, callback) => {
    const address = addresses[Math.min(asked++, addresses.length - 1)]!;
    callback(null, [{ address, family: address.includes(":") ? 6 : 4 }]);
  };
  return Object.assign(resolve, { asked: () => asked });
}

const post = (by: GuardedAgents, url: string, timeoutMs = 2000) =>
  postRequest(by, { url: new URL(url), body: "{}", headers: {}, timeoutMs });

test("what a name leads to is judged when connecting, each time it is connected to", async () => {
  const { port, hits } = await serve((_request, response) =>
    response.writeHead(200, { connection: "close" }).end("{}"),
  );
  // Allowed at first, and rebound by the time of the next connection.
  const resolve = leadsTo("127.0.0.1", "127.0.0.9");
  const by = agents(["127.0.0.1", "public"], resolve);
  expect(await post(by, `http://hooks.example.com:${port}/`)).toMatchObject({
    kind: "answered",
    status: 200,
  });
  expect(await post(by, `http://hooks.example.com:${port}/`)).toMatchObject({
    kind: "unsent",
    error: "address_not_allowed",
  });
  expect([hits(), resolve.asked()]).toEqual([1, 2]);
});

test("of several addresses only allowed ones are connected to", async () => {
  const { port, hits } = await serve((_request, response) => response.end("{}"));
  const mixed: Resolve = (_host, _options, callback) =>
    callback(null, [
      { address: "127.0.0.66", family: 4 },
      { address: "127.0.0.1", family: 4 },
    ]);
  expect(await post(agents(["127.0.0.1"], mixed), `http://hooks.example.com:${port}/`)).toMatchObject({
    kind: "answered",
  });
  expect(hits()).toBe(1);
});

test.each([
  "http://127.0.0.1:PORT/",
  "http://127.1:PORT/",
  "http://2130706433:PORT/",
  "http://0x7f000001:PORT/",
  "http://0:PORT/",
  "http://[::1]:PORT/",
  "http://[::ffff:127.0.0.1]:PORT/",
  "http://[::ffff:7f00:1]:PORT/",
  "http://localhost:PORT/",
  "https://localhost:PORT/",
  "http://169.254.169.254/latest/meta-data/",
])("without a list %s is not connected to", async (url) => {
  const { port, hits } = await serve((_request, response) => response.end("{}"));
  const result = await post(agents([]), url.replace("PORT", String(port)));
  expect(result).toMatchObject({ kind: "unsent", error: "address_not_allowed" });
  expect(hits()).toBe(0);
});

test("a redirect is an answer: where it points is not asked", async () => {
  const inside = await serve((_request, response) => response.end("secret"));
  const { port } = await serve((_request, response) =>
    response.writeHead(307, { location: `http://127.0.0.1:${inside.port}/` }).end(),
  );
  expect(await post(agents(["127.0.0.1"]), `http://127.0.0.1:${port}/`)).toMatchObject({
    kind: "answered",
    status: 307,
  });
  expect(inside.hits()).toBe(0);
});

test("a name that does not exist and a port nobody listens on: nothing was sent", async () => {
  const unknown: Resolve = (host, _options, callback) =>
    callback(
      Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), {
        code: "ENOTFOUND",
        syscall: "getaddrinfo",
      }),
      [],
    );
  expect(await post(agents(["*.example.com"], unknown), "http://none.example.com/")).toMatchObject({
    kind: "unsent",
    error: "name_not_resolved",
  });
  expect(await post(agents(["127.0.0.1"]), "http://127.0.0.1:1/")).toMatchObject({
    kind: "unsent",
    error: "not_connected",
  });
});

test("a kept connection that the server closes just then is replaced, and nobody notices", async () => {
  // Answers one request, then resets the connection at the first byte of the next: what a server does that gives up idle
  // connections at the moment one is used again.
  let connections = 0;
  const server = createTcpServer((socket) => {
    let answered = false;
    connections++;
    socket.on("error", () => undefined);
    socket.on("data", () => {
      if (answered) return void socket.resetAndDestroy();
      answered = true;
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const by = agents(["127.0.0.1"]);
  for (let n = 0; n < 3; n++) expect(await post(by, url)).toMatchObject({ kind: "answered", status: 200 });
  expect(connections).toBe(3);
});

test("drops of an answer do not keep a request alive beyond its time", async () => {
  const { port } = await serve((_request, response) => {
    response.writeHead(200);
    const drip = setInterval(() => response.write("x"), 20);
    response.on("close", () => clearInterval(drip));
  });
  const result = await post(agents(["127.0.0.1"]), `http://127.0.0.1:${port}/`, 300);
  expect(result).toMatchObject({ kind: "lost", error: "timeout", status: 200 });
  expect(result.durationMs).toBeLessThan(10_000);
});
