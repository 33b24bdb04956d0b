import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import { checkBackAnswer } from "../../../sdk/contract/check-back.ts";
import { secretText, signWebhook } from "../../../sdk/contract/webhook-signature.ts";
import { checkHandler, Producer } from "../../../sdk/producer/index.ts";
import { pgDatabase } from "../../../sdk/database/pg.ts";
import type { KillSite, KillVerdict } from "./verdict.ts";

/** Has check-backs made while producers die. */
export interface Checker {
  /** How long a producer sleeps that is to miss its check-back. */
  sleepMs: number;
  /** Goes on until nothing waits any more. @returns messages that wait all the same */
  settle(): Promise<string[]>;
  stop(): Promise<void>;
}

export type StartChecker = (site: KillSite, business: pg.Pool, verdict: KillVerdict) => Promise<Checker>;

/** A message is asked about from this age on: long before many transactions are through. */
const ASK_AFTER_MS = 60;

/** The SDK's handler over HTTP, as the order service would mount it. @param port 0: a free one */
export async function serveChecks(
  business: pg.Pool,
  { secret, port, waitMs }: { secret: string; port: number; waitMs: number },
): Promise<{ url: string; stop: () => Promise<void> }> {
  const { node } = checkHandler({ database: pgDatabase(business), secret, waitMs });
  const server = createServer(node);
  await new Promise<void>((listening) => server.listen(port, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/check`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** Messages that are prepared and as old as that, in any order. */
export async function listWaiting(store: pg.Pool, ageMs: number): Promise<string[]> {
  const { rows } = await store.query<{ id: string }>(
    `SELECT id FROM message_state
     WHERE state IN ('PREPARED', 'UNDECIDED') AND stored_at <= clock_timestamp() - make_interval(secs => $1)
     ORDER BY random() LIMIT 100`,
    [ageMs / 1000],
  );
  return rows.map((row) => row.id);
}

export async function settled(store: pg.Pool, timeoutMs: number): Promise<string[]> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const waiting = await listWaiting(store, 0);
    if (waiting.length === 0 || performance.now() > deadline) return waiting;
    await pause(20);
  }
}

/** Asks about what waits, and applies the answers through the API: as the service does, but after 60 ms instead of 10 s. */
export const checkByHand: StartChecker = async (site, business, verdict) => {
  const secret = secretText(randomBytes(32));
  const handler = await serveChecks(business, { secret, port: 0, waitMs: 120 });
  const surelay = new Producer({ url: site.apiUrl, key: site.key });
  let stopped = false;
  const count = (what: string) => (verdict.answers[what] = (verdict.answers[what] ?? 0) + 1);

  const ask = async (messageId: string) => {
    const body = JSON.stringify({
      messageId,
      businessKey: null,
      topic: "orders.created",
      type: null,
      preparedAt: new Date().toISOString(),
      attempt: 1,
    });
    const timestamp = Math.floor(Date.now() / 1000);
    const headers = { ...signWebhook({ id: messageId, timestamp, body, secrets: [secret] }) };
    const response = await fetch(handler.url, { method: "POST", body, headers });
    const text = await response.text();
    if (response.status !== 200) return void count(String(response.status));
    const { outcome } = checkBackAnswer.parse(JSON.parse(text));
    count(outcome);
    if (outcome === "unknown") return;
    const applied = outcome === "committed" ? surelay.confirm(messageId) : surelay.cancel(messageId);
    await applied.catch((error: unknown) =>
      verdict.contradictions.push(`${outcome} ${messageId}: ${String(error)}`),
    );
  };
  const loop = (async () => {
    while (!stopped) {
      await Promise.all((await listWaiting(site.store, ASK_AFTER_MS)).map(ask));
      await pause(20);
    }
  })();
  return {
    sleepMs: 4 * ASK_AFTER_MS,
    settle: () => settled(site.store, 20_000),
    async stop() {
      stopped = true;
      await loop;
      await surelay.close();
      await handler.stop();
    },
  };
};
