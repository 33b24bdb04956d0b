import { expect, test } from "vitest";
import { useApi } from "./use-api.ts";

const api = useApi();
const at = (path: string) => api.client.call(path, { key: null });

test("health and readiness need no key", async () => {
  expect((await at("/healthz")).body).toEqual({ status: "ok" });
  const ready = await at("/readyz");
  expect([ready.status, ready.body.status, ready.body.checks.database]).toEqual([200, "ready", "reachable"]);
});

test("metrics count requests, flushes and results", async () => {
  await api.client.prepare({ topic: "orders.created", payload: 1 });
  await api.client.prepare({ topic: "nobody" });
  await api.client.call("/v1/messages");
  const { text, headers } = await at("/metrics");
  expect(headers["content-type"]).toContain("text/plain");
  for (const line of [
    'surelay_http_requests_total{route="/v1/messages/prepare",status="201",process="api"} 1',
    'surelay_http_requests_total{route="/v1/messages/prepare",status="400",process="api"} 1',
    'surelay_http_requests_total{route="/v1/messages",status="200",process="api"} 1',
    'surelay_intake_results_total{kind="prepare",outcome="PREPARED",process="api"} 1',
    'surelay_intake_flush_messages_count{process="api",kind="prepare"} 1',
    'surelay_intake_waiting_messages{process="api"} 0',
  ])
    expect(text).toContain(line);
});

test("the OpenAPI document names every call, and no other", async () => {
  const { body } = await at("/v1/openapi.json");
  expect(body.openapi).toBe("3.1.0");
  const calls = Object.entries(body.paths as Record<string, object>).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(calls.toSorted()).toEqual(
    [
      "GET /healthz",
      "GET /readyz",
      "GET /v1/deliveries",
      "GET /v1/messages",
      "GET /v1/messages/{id}",
      "GET /v1/openapi.json",
      "GET /v1/subscriptions/{topic}/{name}",
      "POST /v1/acks",
      "POST /v1/batches/cancel",
      "POST /v1/batches/confirm",
      "POST /v1/batches/prepare",
      "POST /v1/batches/send",
      "POST /v1/messages/prepare",
      "POST /v1/messages/send",
      "POST /v1/messages/{id}/cancel",
      "POST /v1/messages/{id}/confirm",
    ].toSorted(),
  );
  for (const call of calls) {
    const [method, path] = call.split(" ") as [string, string];
    const reply = await api.client.call(path.replace(/\{\w+\}/g, "x"), {
      method,
      ...(method === "POST" && { raw: "{}" }),
    });
    expect(Object.keys(body.paths[path][method.toLowerCase()].responses)).toContain(String(reply.status));
    expect([404, 405]).not.toContain(reply.status);
  }
  const names = new Set(Object.keys(body.components.schemas as object));
  for (const [, name] of JSON.stringify(body).matchAll(/#\/components\/schemas\/(\w+)/g))
    expect(names).toContain(name);
});
