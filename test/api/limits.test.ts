import { expect, test } from "vitest";
import { waitUntil } from "../../local/wait-until.ts";
import { newMessageId } from "../../server/domain/message-id.ts";
import { revokeApiKey } from "../../server/services/api-keys/revoke-api-key.ts";
import type { IntakeStore } from "../../server/services/intake/intake-store.ts";
import { useApi } from "./use-api.ts";

/** While closed, flushes wait in front of the store. */
let gate: { open: () => void; opened: Promise<void> } | undefined;
function closeGate(): void {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  gate = { open, opened };
}
function openGate(): void {
  gate?.open();
  gate = undefined;
}
const behindGate = (store: IntakeStore): IntakeStore => ({
  store: async (...flush) => {
    await gate?.opened;
    return await store.store(...flush);
  },
  decide: (...flush) => store.decide(...flush),
});

const api = useApi(
  {
    SURELAY_INTAKE_QUEUE: "100",
    SURELAY_INTAKE_TIMEOUT_MS: "1000",
    SURELAY_KEY_CACHE_SECONDS: "0.2",
    SURELAY_ID_PAST_SECONDS: String(30 * 86_400), // the store has partitions for the last eight days
  },
  behindGate,
);
const message = (more: Record<string, unknown> = {}) => ({
  topic: "orders.created",
  payload: { n: 1 },
  ...more,
});
const within = (condition: () => boolean | Promise<boolean>) => waitUntil(condition, { timeoutMs: 10_000 });

test("beyond the queue's limit calls are refused whole, and nothing of them is stored", async () => {
  await api.client.send(message());
  closeGate();
  const ids = Array.from({ length: 99 }, newMessageId);
  const waiting = ids.map((id) => api.client.send(message({ id })));
  expect(await within(() => api.intake.queueLimit.items === 99)).toBe(true);
  const batch = [newMessageId(), newMessageId()];
  const refused = await api.client.call("/v1/batches/send", {
    body: { items: batch.map((id) => message({ id })) },
  });
  expect([refused.status, refused.body.code, refused.headers["retry-after"]]).toEqual([
    503,
    "unavailable",
    "1",
  ]);
  openGate();
  for (const reply of await Promise.all(waiting)) expect(reply.status).toBe(201);
  for (const id of batch) expect((await api.client.get(id)).status).toBe(404);
  expect(api.intake.queueLimit.items).toBe(0);
  expect(api.intake.queueLimit.bytes).toBe(0);
});

test("a call that waits too long is told whether its message may be stored", async () => {
  closeGate();
  const flying = api.client.send(message());
  expect(await within(() => api.intake.queueLimit.items === 1)).toBe(true);
  const queued = [api.client.send(message({ id: newMessageId() })), api.client.send(message())];
  const [unknown, ...never] = await Promise.all([flying, ...queued]);
  expect([unknown.status, unknown.body.code]).toEqual([503, "unavailable"]);
  expect(unknown.body.detail).toContain("unknown");
  const made = unknown.body.messageId as string;
  for (const reply of never) {
    expect([reply.status, reply.body.detail]).toEqual([503, expect.stringContaining("Nothing was stored")]);
    expect((await api.client.get(reply.body.messageId)).status).toBe(404);
  }
  openGate();
  const again = await api.client.send(message({ id: made }));
  expect([200, 201]).toContain(again.status);
});

test("a database that hangs is given up on, and comes back without a restart", async () => {
  const holder = await api.database.pool.connect();
  await holder.query("BEGIN");
  await holder.query("LOCK TABLE message_state IN ACCESS EXCLUSIVE MODE");
  const reply = await api.client.prepare(message());
  expect([reply.status, reply.body.code]).toEqual([503, "unavailable"]);
  await holder.query("ROLLBACK");
  holder.release();
  expect(await within(async () => (await api.client.prepare(message())).status === 201)).toBe(true);
});

test("a message the database refuses fails alone, whatever shares its flush", async () => {
  const old = newMessageId().replace(/^.{8}-.{4}/, () => {
    const hex = (Date.now() - 20 * 86_400_000).toString(16).padStart(12, "0");
    return `${hex.slice(0, 8)}-${hex.slice(8)}`;
  });
  const items = Array.from({ length: 40 }, (_, n) => message(n === 17 ? { id: old } : {}));
  const [batch, ...others] = await Promise.all([
    api.client.call("/v1/batches/prepare", { body: { items } }),
    ...Array.from({ length: 20 }, () => api.client.prepare(message())),
  ]);
  for (const reply of others) expect(reply.status).toBe(201);
  const results = batch.body.results as { state?: string; error?: { code: string; detail: string } }[];
  expect(results.filter((r) => r.state === "PREPARED")).toHaveLength(39);
  expect(results[17]!.error).toMatchObject({ code: "unavailable", messageId: old });
  expect(results[17]!.error!.detail).toContain("partition");
});

test("a call of which the store took nothing is answered 503, not 200", async () => {
  const hex = (Date.now() - 20 * 86_400_000).toString(16).padStart(12, "0");
  const old = `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000001`;
  const reply = await api.client.call("/v1/batches/prepare", { body: { items: [message({ id: old })] } });
  expect([reply.status, reply.body.code]).toEqual([503, "unavailable"]);
});

test("a revoked key is refused after the cache's seconds", async () => {
  const { id, key } = await api.makeKey();
  expect((await api.client.prepare(message(), { key })).status).toBe(201);
  expect(await revokeApiKey(api.database.pool, { id, revokedBy: "test", reason: "leaked" })).toBe(true);
  expect(await revokeApiKey(api.database.pool, { id, revokedBy: "test" })).toBe(false);
  const revokedAt = performance.now();
  expect(await within(async () => (await api.client.prepare(message(), { key })).status === 401)).toBe(true);
  expect(performance.now() - revokedAt).toBeLessThan(10_000);
  const { rows } = await api.database.pool.query<{ action: string; reason: string | null }>(
    "SELECT action, reason FROM audit_log WHERE target_id = $1 ORDER BY id",
    [id],
  );
  expect(rows).toEqual([
    { action: "api_key.create", reason: null },
    { action: "api_key.revoke", reason: "leaked" },
  ]);
});

test("a key's rate counts messages, and a refused call says when to come back", async () => {
  const { key } = await api.makeKey({ ratePerSecond: 4 });
  const items = Array.from({ length: 12 }, () => message());
  const batch = await api.client.call("/v1/batches/send", { body: { items }, key });
  expect(batch.status).toBe(200);
  const limited = await api.client.send(message(), { key });
  expect([limited.status, limited.body.code]).toEqual([429, "rate_limited"]);
  expect(Number(limited.headers["retry-after"])).toBeGreaterThanOrEqual(2);
  expect((await api.client.send(message())).status).toBe(201);
});
