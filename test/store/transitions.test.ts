import { describe, expect, test } from "vitest";
import { applyEvent, MESSAGE_STATES, type MessageState } from "../../server/domain/message-state.ts";
import { giveUpChecked } from "../../server/store/apply-checks.ts";
import { askAgain } from "../../server/store/ask-again.ts";
import { cancelMessages } from "../../server/store/cancel-messages.ts";
import { claimDueChecks } from "../../server/store/claim-checks.ts";
import { confirmMessages } from "../../server/store/confirm-messages.ts";
import { readStates } from "../../server/store/find-messages.ts";
import { acquireLane } from "../../server/store/lanes.ts";
import { markSent, readReady, rejectMessages } from "../../server/store/ready-messages.ts";
import { resendRejected } from "../../server/store/resend-rejected.ts";
import { releaseDue } from "../../server/store/scheduled-messages.ts";
import { insertPrepared, insertReady } from "../../server/store/store-messages.ts";
import { useDatabase } from "../support/database.ts";
import { declare, newMessage } from "../support/messages.ts";

const db = useDatabase();
const later = new Date(Date.now() + 3_600_000);

/** A message put into `state` by a plain UPDATE, so that a transition under test is not needed to test it. */
async function messageIn(state: MessageState, deliverLater: boolean) {
  const owner = await declare(db.pool);
  const message = newMessage(owner, { deliverAt: deliverLater || state === "SCHEDULED" ? later : null });
  await insertPrepared(db.hot, [message]);
  if (state !== "PREPARED") {
    const sent = state === "SENT" || state === "CONSUMED";
    await db.pool.query(
      `UPDATE message_state SET state = $2::message_state_kind, check_at = NULL, decided_at = now(), decided_by = 'producer', reason = $3,
         ready_seq = nextval('message_ready_seq'), moved_at = CASE WHEN $2::message_state_kind = 'UNDECIDED' THEN now() END, sent_at = CASE WHEN $4 THEN now() END, broker_partition = CASE WHEN $4 THEN 0 END
       WHERE id = $1`,
      [message.id, state, state === "REJECTED" || state === "UNDECIDED" ? "for the test" : null, sent],
    );
  }
  await db.pool.query("UPDATE message_state SET check_at = now() WHERE id = $1 AND check_at IS NOT NULL", [
    message.id,
  ]);
  return { ...owner, id: message.id, lane: message.lane };
}

type Subject = Awaited<ReturnType<typeof messageIn>>;

async function underLease(subject: Subject) {
  const lease = await acquireLane(db.pool, { lane: subject.lane, owner: "test", ttlMs: 60_000 });
  return { lane: subject.lane, epoch: lease!.epoch };
}

const statements = {
  confirm: (s: Subject) => confirmMessages(db.hot, [s], "producer"),
  cancel: (s: Subject) => cancelMessages(db.hot, [s], "producer"),
  commit_to_broker: async (s: Subject) =>
    markSent(db.hot, {
      ...(await underLease(s)),
      progressOffset: 1n,
      sent: [{ id: s.id, partition: 0, offset: 7n }],
    }),
  reject: async (s: Subject) =>
    rejectMessages(db.hot, { ...(await underLease(s)), rejected: [{ id: s.id, reason: "too large" }] }),
  give_up: async (s: Subject) => {
    const [claim] = await claimDueChecks(db.hot, [{ appId: s.appId, wanted: 1000, leaseMs: 60_000 }]).then(
      (all) => all.filter((one) => one.id === s.id),
    );
    const lease = claim?.lease ?? new Date();
    return giveUpChecked(db.hot, [
      {
        claim: { id: s.id, lease, checks: 0 },
        url: "http://127.0.0.1:9/check",
        outcome: "unknown",
        error: null,
        detail: null,
        status: 200,
        body: null,
        bodyCut: false,
        durationMs: 1,
        ageMs: 1,
        reason: "asked once",
      },
    ]);
  },
  ask_again: (s: Subject) => askAgain(db.hot, [s.id]),
  resend: (s: Subject) => resendRejected(db.hot, s.id),
};

describe("every statement does to every state what the table says", () => {
  for (const [event, run] of Object.entries(statements) as [
    keyof typeof statements,
    (s: Subject) => Promise<unknown>,
  ][]) {
    for (const state of MESSAGE_STATES) {
      for (const deliverLater of [false, true]) {
        test(`${event} of ${state}${deliverLater ? " to be delivered later" : ""}`, async () => {
          const subject = await messageIn(state, deliverLater);
          const expected = applyEvent(event, { state, deliverLater });
          await run(subject);
          const after = (await readStates(db.pool, [subject])).get(subject.id);
          expect(after).toBe(expected.kind === "moved" ? expected.to : state);
          await run(subject); // and again: idempotent
          expect((await readStates(db.pool, [subject])).get(subject.id)).toBe(after);
        });
      }
    }
  }
});

test("a stored id is not stored again, and the caller learns which rows are new", async () => {
  const owner = await declare(db.pool);
  const [a, b] = [newMessage(owner), newMessage(owner)];
  expect(await insertPrepared(db.hot, [a])).toEqual(new Map([[a.id, "PREPARED"]]));
  expect(await insertReady(db.hot, [a, b])).toEqual(new Map([[b.id, "READY"]]));
  expect((await readStates(db.pool, [a])).get(a.id)).toBe("PREPARED");
});

test("another app's message is not confirmed, not cancelled, not seen", async () => {
  const subject = await messageIn("PREPARED", false);
  const stranger = { id: subject.id, appId: subject.appId + 1000 };
  expect(await confirmMessages(db.hot, [stranger], "producer")).toEqual(new Map());
  expect(await cancelMessages(db.hot, [stranger], "producer")).toEqual(new Set());
  expect(await readStates(db.pool, [stranger])).toEqual(new Map());
});

test("content comes back byte for byte", async () => {
  const owner = await declare(db.pool);
  const message = newMessage(owner, {
    key: 'k"\\ü{,}NULL',
    type: "NULL",
    businessKey: "",
    headers: '{"b":"1","a":"\\"{}"}',
    traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    payload: Buffer.from([0, 255, 1, 92, 39, 10]),
  });
  await insertReady(db.hot, [newMessage(owner, { payload: Buffer.alloc(0) }), message]);
  const found = (await readReady(db.hot, message.lane, { limit: 100, maxBytes: 1e9 })).find(
    (m) => m.id === message.id,
  )!;
  expect(found).toMatchObject({
    key: message.key,
    type: "NULL",
    businessKey: "",
    headers: { b: "1", a: '"{}' },
    traceparent: message.traceparent,
  });
  expect(found.payload.equals(message.payload)).toBe(true);
});

test("confirms in one array are ready in that array's order", async () => {
  const owner = await declare(db.pool);
  const messages = Array.from({ length: 300 }, () => newMessage(owner, { key: "same" }));
  await insertPrepared(db.hot, messages);
  const shuffled = [...messages].sort((x, y) => x.id.slice(-4).localeCompare(y.id.slice(-4)));
  await confirmMessages(db.hot, shuffled, "producer");
  const ready = await readReady(db.hot, messages[0]!.lane, { limit: 1000, maxBytes: 1e9 });
  const ours = new Set(messages.map((m) => m.id));
  expect(ready.map((m) => m.id).filter((id) => ours.has(id))).toEqual(shuffled.map((m) => m.id));
});

test("a batch ends where its bytes are used up, but never before the first message", async () => {
  const owner = await declare(db.pool, { topic: "large" });
  const messages = Array.from({ length: 5 }, () =>
    newMessage({ ...owner, topic: "large" }, { key: "k", payload: Buffer.alloc(1000) }),
  );
  await insertReady(db.hot, messages);
  const lane = messages[0]!.lane;
  await db.pool.query(
    "UPDATE message_state SET held_at = now() WHERE lane = $1 AND state = 'READY' AND NOT id = ANY($2::uuid[])",
    [lane, messages.map((m) => m.id)],
  );
  expect(await readReady(db.hot, lane, { limit: 10, maxBytes: 2500 })).toHaveLength(3);
  expect(await readReady(db.hot, lane, { limit: 10, maxBytes: 1 })).toHaveLength(1);
});

test("a scheduled message becomes ready when its time has come, not before", async () => {
  const owner = await declare(db.pool);
  const soon = newMessage(owner, { deliverAt: later });
  const due = newMessage(owner, { deliverAt: later });
  await insertReady(db.hot, [soon, due]);
  await db.pool.query("UPDATE message_state SET deliver_at = now() - interval '1 second' WHERE id = $1", [
    due.id,
  ]);
  expect(await releaseDue(db.pool, 1000)).toBe(1);
  expect(
    await readStates(db.pool, [
      { id: soon.id, appId: owner.appId },
      { id: due.id, appId: owner.appId },
    ]),
  ).toEqual(
    new Map([
      [soon.id, "SCHEDULED"],
      [due.id, "READY"],
    ]),
  );
});

test("what the database can hold true, it refuses to be told otherwise", async () => {
  const subject = await messageIn("PREPARED", false);
  const set = (change: string) =>
    db.pool.query(`UPDATE message_state SET ${change} WHERE id = $1`, [subject.id]);
  await expect(set("state = 'READY'")).rejects.toThrow("prepared_has_check_time");
  await expect(set("state = 'READY', check_at = NULL")).rejects.toThrow("ready_has_sequence");
  await expect(set("state = 'CANCELLED', check_at = NULL")).rejects.toThrow("cancelled_has_decider");
  await expect(set("state = 'SENT', check_at = NULL, ready_seq = 1")).rejects.toThrow(/sent_has/);
  await expect(db.pool.query("UPDATE audit_log SET action = ''")).resolves.toBeDefined(); // no row: nothing to refuse
  await db.pool.query(
    "INSERT INTO audit_log (actor_name, action, target_kind, target_id) VALUES ('t', 't', 't', 't')",
  );
  await expect(db.pool.query("UPDATE audit_log SET action = ''")).rejects.toThrow("append-only");
  await expect(db.pool.query("DELETE FROM audit_log")).rejects.toThrow("append-only");
  await expect(db.pool.query("TRUNCATE audit_log")).rejects.toThrow("append-only");
});
