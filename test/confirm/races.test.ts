import { expect, test } from "vitest";
import { explainUnmoved } from "../../server/domain/message-state.ts";
import {
  askLater,
  cancelChecked,
  type CheckAnswer,
  confirmChecked,
  giveUpChecked,
} from "../../server/store/apply-checks.ts";
import { askAgain } from "../../server/store/ask-again.ts";
import { cancelMessages } from "../../server/store/cancel-messages.ts";
import { type CheckClaim, claimDueChecks, putBackChecks } from "../../server/store/claim-checks.ts";
import { confirmMessages } from "../../server/store/confirm-messages.ts";
import { readStates } from "../../server/store/find-messages.ts";
import { compareFlow } from "../../server/store/message-flow-upkeep.ts";
import { says } from "./fake-producer.ts";
import { type Owner, useConfirm } from "./confirm-fixture.ts";

const fixture = useConfirm();
const LEASE_MS = 60_000;

function answerOf(claim: CheckClaim, outcome: CheckAnswer["outcome"]): CheckAnswer {
  return {
    claim,
    url: "http://127.0.0.1:9/check",
    outcome,
    error: outcome === "failed" ? "http_status" : null,
    detail: null,
    status: 200,
    body: `{"outcome":"${outcome}"}`,
    bodyCut: false,
    durationMs: 5,
    ageMs: 6,
  };
}

const claim = (owner: Owner, wanted: number, leaseMs = LEASE_MS) =>
  claimDueChecks(fixture.database.hot, [{ appId: owner.appId, wanted, leaseMs }]);

const shuffled = <T>(items: readonly T[]): T[] =>
  items
    .map((item) => ({ item, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);
const inBatches = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));

/** A victim of a deadlock between two batches begins again, as the callers do. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if ((error as { code?: string }).code !== "40P01") throw error;
    }
  }
}

test.each([
  ["confirm", "rolled_back"],
  ["cancel", "committed"],
  ["confirm", "committed"],
  ["cancel", "rolled_back"],
] as const)(
  "the producer's %s against a check-back that says %s: one of them moves each message",
  async (call, outcome) => {
    const { hot, pool } = fixture.database;
    const owner = await fixture.app(`race-${call}-${outcome.replace("_", "-")}`, says("unknown"));
    const messages = await fixture.prepareDue(owner, 400);
    const claims = await claim(owner, 400);
    expect(claims).toHaveLength(400);
    const asked = messages.map(({ id, appId }) => ({ id, appId }));
    const byProducer = new Set<string>();
    const byCheck = new Set<string>();
    await Promise.all([
      ...inBatches(shuffled(asked), 20).map((batch) =>
        again(async () => {
          const moved =
            call === "confirm"
              ? await confirmMessages(hot, batch, "producer")
              : await cancelMessages(hot, batch, "producer");
          for (const id of moved.keys()) byProducer.add(id);
        }),
      ),
      ...inBatches(shuffled(claims), 20).map((batch) =>
        again(async () => {
          const apply = outcome === "committed" ? confirmChecked : cancelChecked;
          for (const id of await apply(
            hot,
            batch.map((c) => answerOf(c, outcome)),
          ))
            byCheck.add(id);
        }),
      ),
    ]);
    expect([...byProducer].filter((id) => byCheck.has(id))).toEqual([]);
    expect(byProducer.size + byCheck.size).toBe(400);

    const calledFor = call === "confirm" ? "READY" : "CANCELLED";
    const answeredFor = outcome === "committed" ? "READY" : "CANCELLED";
    const states = await readStates(hot, asked);
    for (const id of byProducer) expect(states.get(id)).toBe(calledFor);
    for (const id of byCheck) expect(states.get(id)).toBe(answeredFor);
    // The loser is told which: the producer by its answer, the check-back by what is kept of it.
    for (const id of byCheck)
      expect(explainUnmoved(call, states.get(id)!).kind).toBe(
        calledFor === answeredFor ? "settled" : "refused",
      );
    const kept = await fixture.checkBacks(messages.map((m) => m.id));
    expect(kept).toHaveLength(400);
    for (const { message_id, effect } of kept) expect(effect === "too_late").toBe(byProducer.has(message_id));
    expect(await compareFlow(pool)).toEqual([]);
  },
);

test("a message is claimed by one of many who claim at once, and each is claimed", async () => {
  const owner = await fixture.app("claims", says("unknown"));
  await fixture.prepareDue(owner, 300);
  const claims = (await Promise.all(Array.from({ length: 8 }, () => claim(owner, 60)))).flat();
  const rest = await claim(owner, 300);
  const ids = [...claims, ...rest].map((c) => c.id);
  expect([ids.length, new Set(ids).size]).toEqual([300, 300]);
  expect(await claim(owner, 300)).toEqual([]);
});

test("whose lease has run out can write nothing: the next one's answer counts, whatever it was", async () => {
  const { hot } = fixture.database;
  const owner = await fixture.app("zombie", says("unknown"));
  const messages = await fixture.prepareDue(owner, 40);
  const ids = messages.map((m) => m.id);
  const first = await claim(owner, 40);
  await fixture.passTime(ids, LEASE_MS / 1000 + 1);
  const second = await claim(owner, 40);
  expect(second).toHaveLength(40);

  const zombies = first.map((c) => answerOf(c, "committed"));
  expect((await confirmChecked(hot, zombies.slice(0, 10))).size).toBe(0);
  expect((await cancelChecked(hot, zombies.slice(10, 20))).size).toBe(0);
  expect(
    (
      await askLater(
        hot,
        zombies.slice(20, 30).map((a) => ({ ...a, delayMs: 1 })),
      )
    ).size,
  ).toBe(0);
  expect(
    (
      await giveUpChecked(
        hot,
        zombies.slice(30, 35).map((a) => ({ ...a, reason: "no" })),
      )
    ).size,
  ).toBe(0);
  expect((await putBackChecks(hot, first.slice(35), 0)).size).toBe(0);
  expect(new Set((await fixture.states(ids)).values())).toEqual(new Set(["PREPARED"]));

  expect(
    (
      await cancelChecked(
        hot,
        second.map((c) => answerOf(c, "rolled_back")),
      )
    ).size,
  ).toBe(40);
  expect(new Set((await fixture.states(ids)).values())).toEqual(new Set(["CANCELLED"]));
  const kept = await fixture.checkBacks(ids);
  expect(kept.filter((k) => k.effect === "too_late")).toHaveLength(35);
  expect(kept.filter((k) => k.effect === "cancelled")).toHaveLength(40);
  // Only checks that stood are counted.
  const { rows } = await fixture.database.pool.query(
    "SELECT DISTINCT checks FROM message_state WHERE id = ANY($1::uuid[])",
    [ids],
  );
  expect(rows).toEqual([{ checks: 1 }]);
});

test("zombie and successor at the same moment: one of them writes", async () => {
  const { hot, pool } = fixture.database;
  const owner = await fixture.app("zombies", says("unknown"));
  const messages = await fixture.prepareDue(owner, 200);
  const ids = messages.map((m) => m.id);
  const first = await claim(owner, 200);
  await fixture.passTime(ids, LEASE_MS / 1000 + 1);
  const moved = { first: 0, second: 0 };
  await Promise.all([
    ...inBatches(shuffled(first), 10).map((batch) =>
      again(async () => {
        moved.first += (
          await confirmChecked(
            hot,
            batch.map((c) => answerOf(c, "committed")),
          )
        ).size;
      }),
    ),
    (async () => {
      const second = await claim(owner, 200);
      moved.second += (
        await cancelChecked(
          hot,
          second.map((c) => answerOf(c, "rolled_back")),
        )
      ).size;
    })(),
  ]);
  expect(moved).toEqual({ first: 0, second: 200 });
  expect(await compareFlow(pool)).toEqual([]);
});

test("asking again and a late confirm: the message is confirmed, or asked about and then confirmed", async () => {
  const { hot, pool } = fixture.database;
  const owner = await fixture.app("again", says("unknown"));
  const messages = await fixture.prepareDue(owner, 200);
  const ids = messages.map((m) => m.id);
  const claims = await claim(owner, 200);
  const last = claims.map((c) => ({ ...answerOf(c, "unknown"), reason: "asked once" }));
  expect((await giveUpChecked(hot, last)).size).toBe(200);
  expect(await compareFlow(pool)).toEqual([]);
  await Promise.all([
    ...inBatches(shuffled(ids), 20).map((batch) => again(() => askAgain(hot, batch))),
    ...inBatches(shuffled(messages), 20).map((batch) => again(() => confirmMessages(hot, batch, "producer"))),
  ]);
  expect(new Set((await fixture.states(ids)).values())).toEqual(new Set(["READY"]));
  expect(await compareFlow(pool)).toEqual([]);
});

test("asking again begins anew: due at once, nothing counted, the reason gone", async () => {
  const { hot, pool } = fixture.database;
  const owner = await fixture.app("anew", says("unknown"));
  const [message] = await fixture.prepareDue(owner, 1);
  const [first] = await claim(owner, 1);
  await giveUpChecked(hot, [{ ...answerOf(first!, "unknown"), reason: "asked once" }]);
  expect(await askAgain(hot, [message!.id])).toEqual(new Set([message!.id]));
  expect(await askAgain(hot, [message!.id])).toEqual(new Set());
  const { rows } = await pool.query(
    "SELECT state, checks, reason, moved_at, check_at <= now() AS due FROM message_state WHERE id = $1",
    [message!.id],
  );
  expect(rows).toEqual([{ state: "PREPARED", checks: 0, reason: null, moved_at: null, due: true }]);
  const [second] = await claim(owner, 1);
  expect(second).toMatchObject({ id: message!.id, checks: 0 });
});

test("a confirmed message with a delivery time waits for it", async () => {
  const owner = await fixture.app("later", says("unknown"));
  const [message] = await fixture.prepareDue(owner, 1, { deliverAt: new Date(Date.now() + 3_600_000) });
  const [only] = await claim(owner, 1);
  await confirmChecked(fixture.database.hot, [answerOf(only!, "committed")]);
  expect((await fixture.states([message!.id])).get(message!.id)).toBe("SCHEDULED");
});

test("hot statements walk their index, however many messages are prepared", async () => {
  const { hot, pool } = fixture.database;
  const [busy, calm] = [
    await fixture.app("busy", says("unknown")),
    await fixture.app("calm", says("unknown")),
  ];
  await fixture.prepareDue(busy, 3000);
  await fixture.prepareDue(calm, 1);
  await pool.query("ANALYZE message_state");
  const { rows } = await hot.query<{ "QUERY PLAN": string }>(
    `EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) SELECT d.id FROM unnest('{${calm.appId}}'::int[]) AS w(app_id) CROSS JOIN LATERAL (
       SELECT s.id FROM message_state s WHERE s.state = 'PREPARED' AND s.app_id = w.app_id AND s.check_at <= now()
       ORDER BY s.check_at LIMIT 10 FOR UPDATE SKIP LOCKED) d`,
  );
  const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
  expect(plan).toMatch(/Index Scan using message_state_p\d+_app_id_check_at_idx/);
  expect(plan).not.toMatch(/Seq Scan|Sort Key: s.check_at\n.*Sort Method/);
  expect(plan).not.toMatch(/rows=3000/);
});
