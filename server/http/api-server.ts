import { createServer, type Server, STATUS_CODES } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import Fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import type { Registry } from "prom-client";
import type { ApiKeys } from "../auth/api-keys.ts";
import type { Pool } from "../db.ts";
import { OperatorError, SurelayError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Acks } from "../services/acks/acks.ts";
import type { Intake } from "../services/intake/intake.ts";
import { findIntakeCall, IntakeCalls } from "./intake-calls.ts";
import { openApiDocument } from "./openapi.ts";
import { PROBLEM_TYPE, problemHeaders, toProblem, toSurelayError } from "./problem.ts";
import { createRequestMetrics } from "./request-metrics.ts";
import { addQueryRoutes } from "./routes/queries.ts";
import { type ApiReadiness, addSystemRoutes } from "./routes/system.ts";

export interface ApiServerOptions {
  intake: Intake;
  acks: Acks;
  keys: ApiKeys;
  /** For queries: no pinned plans. */
  pool: Pool;
  log: Log;
  metrics: Registry;
  /** Whether this server serves /metrics itself. */
  servesMetrics: boolean;
  traced: boolean;
  version: string;
  /** What the process needs beside this server. */
  readiness: () => Promise<ApiReadiness>;
}

export interface ApiServer {
  /** @returns the port. @throws OperatorError `port_in_use` */
  listen(host: string, port: number): Promise<number>;
  /**
   * /readyz turns red, no new connection is taken, and what is being answered is answered. Connections that are still
   * open after `deadlineMs` (a request that does not arrive) are cut. Idempotent.
   */
  drain(deadlineMs: number): Promise<void>;
}

/**
 * The HTTP API on one server: intake's calls first, everything else through Fastify. Every error leaves as a problem of
 * the contract, those of HTTP's own layer included.
 */
export async function createApiServer(options: ApiServerOptions): Promise<ApiServer> {
  let draining = false;
  const metrics = createRequestMetrics(options.metrics);
  const calls = new IntakeCalls({ ...options, metrics, isDraining: () => draining });
  const document = openApiDocument(options.version, options.intake.limits);
  let server!: Server;
  const app = Fastify({
    logger: false,
    return503OnClosing: false,
    bodyLimit: 64 * 1024,
    routerOptions: { maxParamLength: 250 },
    frameworkErrors: (error, _request, reply) => sendProblem(options.log, reply, error),
    serverFactory: (fallback) => {
      server = createServer({ keepAliveTimeout: 65_000, requestTimeout: 60_000 }, (request, response) => {
        const call = findIntakeCall(request.method, request.url ?? "/");
        if (call) void calls.handle(request, response, call);
        else fallback(request, response);
      });
      return server;
    },
    clientErrorHandler: (error, socket) => refuseConnection(error, socket),
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, payload, done) => {
    payload.resume();
    done(null);
  });
  app.setErrorHandler((error, _request, reply) => sendProblem(options.log, reply, error));
  app.addHook("onRequest", (_request, reply, done) => {
    if (draining) void reply.header("connection", "close");
    done();
  });
  app.addHook("onResponse", (request, reply, done) => {
    metrics.request(
      request.routeOptions.url?.replace(/:(\w+)/g, "{$1}") ?? "unknown",
      reply.statusCode,
      reply.elapsedTime,
    );
    done();
  });
  addQueryRoutes(app, options);
  addSystemRoutes(app, {
    document,
    metrics: options.servesMetrics ? options.metrics : undefined,
    readiness: async () => {
      const { ready, checks } = await options.readiness();
      return { ready: ready && !draining, checks: draining ? { ...checks, process: "stopping" } : checks };
    },
  });
  refuseUnknownCalls(app, document.paths as Record<string, Record<string, unknown>>, options.log);
  await app.ready();

  let drained: Promise<void> | undefined;
  return {
    listen: (host, port) => listen(server, host, port),
    drain(deadlineMs) {
      draining = true;
      drained ??= closeServer(server, deadlineMs).then(() => app.close());
      return drained;
    },
  };
}

/**
 * Takes no new connection and resolves when the last one has ended. What is being answered is answered, with
 * `Connection: close`; a connection that was answered just before has no such word and is ended as soon as it is idle.
 */
async function closeServer(server: Server, deadlineMs: number): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const sweep = setInterval(() => server.closeIdleConnections(), 10);
  const cut = setTimeout(() => server.closeAllConnections(), deadlineMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}

function sendProblem(log: Log, reply: FastifyReply, thrown: unknown): void {
  const error = toSurelayError(thrown);
  if (error.code === "internal")
    log.error({ err: thrown, route: reply.request.routeOptions?.url }, "a call failed");
  void reply
    .code(error.status)
    .headers(problemHeaders(error))
    .send(Buffer.from(JSON.stringify(toProblem(error)))); // of a string it would add a charset
}

/** 404 for a path that is none of ours, 405 with `Allow` for another method on one that is. */
function refuseUnknownCalls(
  app: FastifyInstance,
  paths: Record<string, Record<string, unknown>>,
  log: Log,
): void {
  const known = Object.entries({ ...paths, "/metrics": { get: {} } }).map(([path, methods]) => ({
    form: new RegExp(`^${path.replaceAll(".", "\\.").replace(/\{\w+\}/g, "[^/]+")}$`),
    methods: Object.keys(methods).map((method) => method.toUpperCase()),
  }));
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?")[0]!;
    const methods = known.filter(({ form }) => form.test(path)).flatMap((entry) => entry.methods);
    if (methods.length === 0 || methods.includes(request.method))
      return sendProblem(log, reply, new SurelayError("not_found", "There is no such call."));
    void reply.header("allow", methods.join(", "));
    const detail = `Here only ${methods.join(" and ")} is offered.`;
    return sendProblem(log, reply, new SurelayError("method_not_allowed", detail));
  });
}

/** What Node refuses before there is a request: broken HTTP, headers too large, a request that does not come. */
function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const late = error.code === "ERR_HTTP_REQUEST_TIMEOUT";
  const detail = late
    ? "The request did not arrive in time."
    : error.code === "HPE_HEADER_OVERFLOW"
      ? "The request's headers are too large."
      : "The request is not valid HTTP.";
  const body = JSON.stringify(toProblem(new SurelayError("validation_failed", detail)));
  socket.end(
    `HTTP/1.1 400 ${STATUS_CODES[400]}\r\ncontent-type: ${PROBLEM_TYPE}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === "EADDRINUSE"
          ? new OperatorError(
              "port_in_use",
              `Port ${port} of the API is in use. End the other program, or set SURELAY_API_PORT to a free port.`,
              { cause },
            )
          : cause,
      ),
    );
    server.listen({ host, port, backlog: 1024 }, () => resolve((server.address() as AddressInfo).port));
  });
}
