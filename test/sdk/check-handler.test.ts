import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { randomBytes } from "node:crypto";
import express from "express";
import fastify from "fastify";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkBackAnswer } from "../../sdk/contract/check-back.ts";
import { problem } from "../../sdk/contract/messages.ts";
import { secretText, signWebhook } from "../../sdk/contract/webhook-signature.ts";
import { checkHandler, enterBarrier, newMessageId, pruneBarrier } from "../../sdk/producer/index.ts";
import { pgDatabase } from "../../sdk/database/pg.ts";
import { useDatabase } from "../support/database.ts";
import { barrierDdl } from "./business-tables.ts";

const store = useDatabase();
const secret = secretText(randomBytes(32));
const old = secretText(randomBytes(32));
let pool: pg.Pool;
let database: ReturnType<typeof pgDatabase>;
const handlers = {} as Record<string, string>;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  pool = new pg.Pool({ connectionString: store.url, max: 10 });
  database = pgDatabase(pool);
  await pool.query(barrierDdl("postgresql"));
  const check = checkHandler({ database, secret: () => [secret, old], waitMs: 400 });

  handlers["node:http"] = await listen(check.node);
  const behind = express();
  behind.post("/check", check.node);
  behind.use(express.json());
  handlers.Express = await listen(behind);
  const raw = express();
  raw.use(express.raw({ type: "*/*" }));
  raw.post("/check", check.node);
  handlers["Express, express.raw()"] = await listen(raw);
  const app = fastify();
  await app.register(check.fastify, { path: "/check" });
  app.post("/other", async (request) => request.body); // its own parsers are left alone
  handlers.Fastify = await app.listen({ host: "127.0.0.1", port: 0 });
  closing.push(() => app.close());
  handlers["web (Next)"] = await listen(asNodeListener(check.web));
});
afterAll(async () => {
  await Promise.all(closing.map((close) => close()));
  await pool.end();
});

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  closing.push(() => new Promise((closed) => server.close(closed).closeAllConnections()));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What Next does with a route handler. */
function asNodeListener(handle: (request: Request) => Promise<Response>): RequestListener {
  return (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const url = `http://localhost${request.url}`;
      const body = request.method === "GET" ? undefined : Buffer.concat(chunks);
      const headers = Object.entries(request.headers) as [string, string][];
      void handle(new Request(url, { method: request.method!, headers, body })).then(async (answer) =>
        response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text()),
      );
    });
  };
}

const question = (messageId: string) =>
  JSON.stringify({
    messageId,
    businessKey: "A-1",
    topic: "orders.created",
    type: null,
    preparedAt: new Date().toISOString(),
    attempt: 1,
  });

async function ask(
  origin: string,
  body: string,
  { secrets = [secret], skew = 0, headers = {} as Record<string, string> } = {},
) {
  const timestamp = Math.floor(Date.now() / 1000) + skew;
  const signed = signWebhook({ id: "check", timestamp, body, secrets });
  const response = await fetch(`${origin}/check`, {
    method: "POST",
    headers: { "content-type": "application/json", ...signed, ...headers },
    body,
  });
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
}

async function commit(id: string): Promise<void> {
  await database.transaction((tx) => enterBarrier(database, tx, [id]));
}

describe.each(["node:http", "Express", "Express, express.raw()", "Fastify", "web (Next)"])("%s", (name) => {
  test("answers from the barrier row, the same again and again", async () => {
    const [committed, absent] = [newMessageId(), newMessageId()];
    await commit(committed);
    for (let i = 0; i < 2; i++) {
      const yes = await ask(handlers[name]!, question(committed));
      expect([yes.status, checkBackAnswer.parse(yes.body)]).toEqual([200, { outcome: "committed" }]);
      const no = await ask(handlers[name]!, question(absent.toUpperCase()), { secrets: [old] });
      expect([no.status, checkBackAnswer.parse(no.body)]).toEqual([200, { outcome: "rolled_back" }]);
    }
    await expect(commit(absent)).rejects.toMatchObject({ code: "already_rolled_back" });
  });

  test("refuses who has not signed, and decides nothing for them", async () => {
    const id = newMessageId();
    const stranger = secretText(randomBytes(32));
    const attacks: Parameters<typeof ask>[2][] = [
      { secrets: [stranger] },
      { skew: -301 },
      { skew: 310 },
      { headers: { "webhook-id": "other" } },
      { headers: { "webhook-signature": "v1,AAAA" } },
      { headers: { "webhook-timestamp": "now" } },
    ];
    for (const attack of attacks) {
      const answer = await ask(handlers[name]!, question(id), attack);
      expect([answer.status, problem.parse(answer.body).code]).toEqual([401, "unauthorized"]);
      expect(answer.headers.get("content-type")).toMatch("application/problem+json");
    }
    await commit(id); // nobody decided
  });

  test("refuses what is signed and no check-back", async () => {
    for (const body of ["", "null", "[]", "{}", '{"messageId":7}', question("7"), "not json"]) {
      const answer = await ask(handlers[name]!, body);
      expect([answer.status, problem.parse(answer.body).code]).toEqual([400, "validation_failed"]);
    }
    const large = await ask(handlers[name]!, " ".repeat(70_000));
    expect(large.status).toBe(413);
  });

  test("a transaction that stays open is 503, and decided once it has ended", async () => {
    const id = newMessageId();
    await database.transaction(async (tx) => {
      await enterBarrier(database, tx, [id]);
      const open = await ask(handlers[name]!, question(id));
      expect([open.status, problem.parse(open.body).code]).toEqual([503, "unavailable"]);
      expect(open.headers.get("retry-after")).toBe("1");
    });
    expect((await ask(handlers[name]!, question(id))).body).toEqual({ outcome: "committed" });
  });
});

test("behind a parser that has eaten the body, it says where to mount it", async () => {
  const wrong = express();
  wrong.use(express.json());
  wrong.post("/check", checkHandler({ database, secret }).node);
  const answer = await ask(await listen(wrong), question(newMessageId()));
  expect([answer.status, answer.body.detail]).toEqual([500, expect.stringContaining("express.json()")]);
});

test("a secret that is none is found at start, or told as what it is", async () => {
  for (const wrong of [undefined, "", [], "secret", "whsec_short"])
    expect(() => checkHandler({ database, secret: wrong as string })).toThrow(RangeError);
  const errors: unknown[] = [];
  const check = checkHandler({ database, secret: () => "", onError: (error) => errors.push(error) });
  const answer = await ask(await listen(check.node), question(newMessageId()));
  expect([answer.status, problem.parse(answer.body).code]).toEqual([500, "internal"]);
  expect(errors).toHaveLength(1);
});

test("a database that is away is 503, told to onError, never a guess", async () => {
  const errors: unknown[] = [];
  const away = new pg.Pool({ connectionString: "postgresql://nobody@127.0.0.1:9/none" });
  const check = checkHandler({ database: pgDatabase(away), secret, onError: (error) => errors.push(error) });
  const answer = await ask(await listen(check.node), question(newMessageId()));
  expect(answer.status).toBe(503);
  expect(errors).toHaveLength(1);
});

test("many open transactions do not take all connections of the business", async () => {
  const small = new pg.Pool({ connectionString: store.url, max: 3 });
  const check = checkHandler({ database: pgDatabase(small), secret, waitMs: 2000, maxConcurrent: 2 });
  const origin = await listen(check.node);
  const ids = Array.from({ length: 4 }, () => newMessageId());
  await database.transaction(async (tx) => {
    await enterBarrier(database, tx, ids);
    const asked = ids.map((id) => ask(origin, question(id)));
    const began = performance.now();
    while (small.totalCount - small.idleCount < 2) await new Promise(setImmediate);
    await small.query("SELECT 1"); // the third connection is free
    expect(performance.now() - began).toBeLessThan(1900);
    for (const answer of await Promise.all(asked)) expect(answer.status).toBe(503);
  });
  await small.end();
});

test("two who ask at the same time hear the same", async () => {
  for (let round = 0; round < 20; round++) {
    const id = newMessageId();
    const answers = await Promise.all([1, 2, 3, 4].map(() => ask(handlers["node:http"]!, question(id))));
    expect(answers.map((answer) => answer.body.outcome)).toEqual(Array(4).fill("rolled_back"));
  }
});

test("transaction against check-back: one of them wins, and both know which", async () => {
  const seen = { committed: 0, rolled_back: 0 };
  for (let round = 0; round < 60; round++) {
    const id = newMessageId();
    const [work, answer] = await Promise.all([
      commit(id).then(
        () => "committed" as const,
        () => "rolled_back" as const,
      ),
      ask(handlers["node:http"]!, question(id)),
    ]);
    expect(answer.body.outcome).toBe(work);
    seen[work]++;
  }
  expect(seen.committed + seen.rolled_back).toBe(60);
});

test("pruned rows are not taken for rollbacks", async () => {
  const day = 86_400_000;
  const idOf = (ms: number) => {
    const time = ms.toString(16).padStart(12, "0");
    return `${time.slice(0, 8)}-${time.slice(8)}${newMessageId().slice(13)}`;
  };
  const [ancient, recent] = [idOf(Date.now() - 40 * day), idOf(Date.now() - 5 * day)];
  await commit(ancient);
  await commit(recent);
  expect(await pruneBarrier(database, { olderThanDays: 30, batchSize: 1 })).toBeGreaterThanOrEqual(1);
  const origin = handlers["node:http"]!;
  expect((await ask(origin, question(ancient))).body).toEqual({ outcome: "unknown" });
  expect((await ask(origin, question(ancient))).body).toEqual({ outcome: "unknown" });
  expect((await ask(origin, question(recent))).body).toEqual({ outcome: "committed" });
  // A later run with more patience does not lower the mark.
  await pruneBarrier(database, { olderThanDays: 60 });
  expect((await ask(origin, question(ancient))).body).toEqual({ outcome: "unknown" });
  expect((await ask(origin, question(newMessageId()))).body).toEqual({ outcome: "rolled_back" });
});
