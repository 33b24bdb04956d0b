import { describe, expect, test } from "vitest";
import { readConfig } from "../../server/config/config.ts";
import { actOnDeliveries } from "../../server/services/deliveries/act-on-deliveries.ts";
import { countDeliveries } from "../../server/services/deliveries/count-deliveries.ts";
import { listDeliveries } from "../../server/services/deliveries/list-deliveries.ts";
import { readLastSuccess } from "../../server/services/deliveries/read-last-success.ts";
import { readMessageDeliveries } from "../../server/services/deliveries/read-message-deliveries.ts";
import { ANY_DELIVERY, type DeliveryScope } from "../../server/domain/delivery-scope.ts";
import { editMessage } from "../../server/services/console/edit-message.ts";
import { readVersion, readVersions } from "../../server/services/console/read-versions.ts";
import { ignoreGroup, noteGroup } from "../../server/services/failures/change-group.ts";
import { listGroups } from "../../server/services/failures/list-groups.ts";
import { readGroup } from "../../server/services/failures/read-group.ts";
import { regroupFailures } from "../../server/domain/regroup-failures.ts";
import { cancelMessages } from "../../server/store/cancel-messages.ts";
import { insertPrepared } from "../../server/store/store-messages.ts";
import { compareDeliveryFlow } from "../../server/store/delivery-flow-upkeep.ts";
import { compareFlow } from "../../server/store/message-flow-upkeep.ts";
import { timeOutDeliveries } from "../../server/store/time-out-deliveries.ts";
import { queueRedeliveries } from "../../server/store/queue-redeliveries.ts";
import { makeValves, readValves } from "../../server/store/redelivery-valves.ts";
import { declare, newMessage } from "../support/messages.ts";
import { readCommittedStates } from "./read-states.ts";
import { type Given, useRecover } from "./recover-fixture.ts";

const fixture = useRecover();
const db = fixture.database;
const BY = {
  actor: { id: "1", username: "ada" },
  from: { ip: "10.0.0.1", userAgent: "test" },
  reason: "the shop is back",
};
const DEAD_AT_ONCE = { retry: { maxAttempts: 1 } };
const keysOf = (given: Given) =>
  given.ids.map((messageId) => ({ messageId, subscriptionId: given.subscription.id }));
const scopeOf = (given: Given) => ({ ...ANY_DELIVERY, topic: given.topic });
const stateSet = async (given: Given) => new Set((await fixture.deliveries(given)).map((d) => d.state));

/** Messages whose deliveries timed out: DEAD, or WAITING where more attempts are allowed. */
async function failed(draft: Parameters<typeof fixture.given>[0], count: number): Promise<Given> {
  const given = await fixture.given(draft, count);
  await fixture.passTime(given.subscription.id, 3600);
  await timeOutDeliveries(db.hot, [given.subscription.id], count);
  return given;
}

async function auditOf(given: Given, action: string) {
  const { rows } = await db.pool.query<{ target_id: string; reason: string; actor_name: string }>(
    "SELECT target_id, reason, actor_name FROM audit_log WHERE action = $1 AND target_id LIKE '%' || $2 || '%' ORDER BY id",
    [action, given.topic],
  );
  return rows;
}

describe("acting on deliveries", () => {
  test("a redrive sends off anew what was given up, and counts its attempts from there", async () => {
    const given = await failed(DEAD_AT_ONCE, 3);
    const result = await actOnDeliveries(db.pool, "redrive", { keys: keysOf(given) }, BY);
    expect(result).toMatchObject({ untouched: [], more: false });
    expect(result.done.map((d) => [d.from, d.to])).toEqual(Array(3).fill(["DEAD", "WAITING"]));
    for (const delivery of await fixture.deliveries(given))
      expect(delivery).toMatchObject({ state: "WAITING", attempt: 1, drive_from: 1, reason: null });
    expect(await auditOf(given, "delivery.redrive")).toEqual(
      given.ids.map((id) => ({
        target_id: `${id} ${given.topic}/shipping`,
        reason: "the shop is back",
        actor_name: "ada",
      })),
    );
    const again = await actOnDeliveries(db.pool, "redrive", { keys: keysOf(given) }, BY);
    expect([again.done, again.untouched.length]).toEqual([[], 3]);
    await fixture.start();
    let sent = 0;
    await expect.poll(async () => (sent += await fixture.relay()), { timeout: 10_000, interval: 20 }).toBe(3);
    await fixture.passTime(given.subscription.id, 3600);
    await expect.poll(() => stateSet(given), { timeout: 10_000 }).toEqual(new Set(["DEAD"]));
    expect((await fixture.deliveries(given)).map((d) => d.attempt)).toEqual([2, 2, 2]);
    expect(await compareDeliveryFlow(db.pool)).toEqual([]);
  });

  test("discarding the last open delivery consumes its message, and takes its redelivery out of the queue", async () => {
    const given = await failed({ retry: { maxAttempts: 5 } }, 2);
    const { id } = given.subscription;
    await fixture.forgive(id);
    await fixture.passTime(id, 7200);
    await makeValves(db.hot, [id]);
    const [valve] = await readValves(db.hot, [id]);
    await queueRedeliveries(db.hot, { subscriptionId: id, version: valve!.version, limit: 9, probe: null });
    const result = await actOnDeliveries(db.pool, "discard", { keys: keysOf(given) }, BY);
    expect(result.done).toHaveLength(2);
    expect(await fixture.relay()).toBe(0);
    expect(await stateSet(given)).toEqual(new Set(["DISCARDED"]));
    expect(await readCommittedStates(db.pool, given.ids)).toEqual(["CONSUMED", "CONSUMED"]);
    const [delivery] = (await readMessageDeliveries(db.pool, given.ids[0]!)).deliveries;
    expect(delivery).toMatchObject({
      state: "DISCARDED",
      reason: "the shop is back",
      subscription: "shipping",
    });
    expect(delivery!.attempts.map((a) => a.kind)).toEqual(["timed_out", "discarded"]);
    expect(await compareDeliveryFlow(db.pool)).toEqual([]);
    expect(await compareFlow(db.pool)).toEqual([]);
  });

  test("what waits for later is due at once, without another attempt counted", async () => {
    const given = await failed({ retry: { firstDelaySeconds: 600, maxAttempts: 5 } }, 2);
    const { done } = await actOnDeliveries(db.pool, "retry_now", { keys: keysOf(given) }, BY);
    expect(done.map((d) => d.to)).toEqual(["WAITING", "WAITING"]);
    const { done: twice } = await actOnDeliveries(db.pool, "retry_now", { keys: keysOf(given) }, BY);
    expect(twice).toEqual([]);
    for (const { due_at, attempt } of await fixture.deliveries(given)) {
      expect(due_at!.getTime()).toBeLessThanOrEqual(Date.now() + 1000);
      expect(attempt).toBe(1);
    }
    expect(await compareDeliveryFlow(db.pool)).toEqual([]);
  });

  test("everything that a filter fits is done step by step, and what died again is not done twice", async () => {
    const given = await failed(DEAD_AT_ONCE, 700);
    const scope = scopeOf(given);
    const { movedBefore, ...counted } = await countDeliveries(db.pool, { ...scope, states: ["DEAD"] });
    expect(counted).toEqual({ count: 700, capped: false });
    const which = { ...scope, movedBefore };
    const first = await actOnDeliveries(db.pool, "redrive", { ...which, after: null }, BY);
    expect([first.done.length, first.more]).toEqual([500, true]);
    await fixture.passTime(given.subscription.id, 3600);
    await db.pool.query(
      "UPDATE delivery SET state = 'DEAD', due_at = NULL, reason = 'again' WHERE subscription_id = $1 AND state = 'WAITING'",
      [given.subscription.id],
    );
    const second = await actOnDeliveries(db.pool, "redrive", { ...which, after: first.last }, BY);
    expect([second.done.length, second.more]).toEqual([200, false]);
    const all = new Set([...first.done, ...second.done].map((d) => d.messageId));
    expect(all.size).toBe(700);
  });

  test("what dies after it was counted is not among all that are discarded", async () => {
    const given = await failed(DEAD_AT_ONCE, 3);
    const [item] = (await listDeliveries(db.pool, { ...scopeOf(given), after: null, limit: 1 })).items;
    const groupId = item!.group!.id;
    // By the index of what failed, by the group's own, and by the primary key.
    const scopes: DeliveryScope[] = [
      { ...scopeOf(given), states: ["DEAD"] },
      { ...ANY_DELIVERY, states: ["DEAD"], groupId },
      scopeOf(given),
    ];
    const counted = await Promise.all(scopes.map((scope) => countDeliveries(db.pool, scope)));
    expect(counted.map(({ count }) => count)).toEqual([3, 3, 3]);
    const movedBefore = new Date(Math.max(...counted.map((one) => one.movedBefore.getTime())));
    await db.pool.query(
      "UPDATE delivery SET moved_at = $1::timestamptz + interval '1 ms' WHERE message_id = $2",
      [movedBefore, given.ids[1]],
    );
    for (const scope of scopes)
      expect(await countDeliveries(db.pool, { ...scope, movedBefore })).toMatchObject({ count: 2 });
    const which = { ...scopes[1]!, movedBefore, after: null };
    const { done, more } = await actOnDeliveries(db.pool, "discard", which, BY);
    expect([done.map((d) => d.messageId), more]).toEqual([[given.ids[0], given.ids[2]], false]);
    expect((await fixture.deliveries(given)).map((d) => d.state).toSorted()).toEqual([
      "DEAD",
      "DISCARDED",
      "DISCARDED",
    ]);
  });

  test("two operators at once: each delivery is one's, and untouched for the other", async () => {
    const given = await failed(DEAD_AT_ONCE, 50);
    const keys = keysOf(given);
    const both = await Promise.all([
      actOnDeliveries(db.pool, "redrive", { keys }, BY),
      actOnDeliveries(db.pool, "discard", { keys }, BY),
    ]);
    const done = both.flatMap((one) => one.done.map((d) => d.from));
    expect(done.length).toBeGreaterThanOrEqual(50);
    // A redriven one may be discarded afterwards; a discarded one is never redriven.
    expect(await stateSet(given)).not.toContain("DEAD");
    const lines = await fixture.attempts(given);
    for (const id of given.ids) {
      const kinds = lines.filter((line) => line.message_id === id).map((line) => line.kind);
      expect(kinds.filter((kind) => kind === "discarded").length).toBeLessThanOrEqual(1);
      expect(kinds.lastIndexOf("redriven")).not.toBe(kinds.indexOf("discarded") + 1 || -2);
    }
  });

  test("nothing is done without a reason, nor to more at once than is said", async () => {
    const given = await failed(DEAD_AT_ONCE, 1);
    const which = { keys: keysOf(given) };
    await expect(
      (async () => actOnDeliveries(db.pool, "discard", which, { ...BY, reason: " " }))(),
    ).rejects.toMatchObject({ code: "validation_failed" });
    const many = Array.from({ length: 501 }, (_, i) => ({ messageId: given.ids[0]!, subscriptionId: i }));
    await expect(actOnDeliveries(db.pool, "discard", { keys: many }, BY)).rejects.toMatchObject({
      code: "validation_failed",
    });
    expect(await stateSet(given)).toEqual(new Set(["DEAD"]));
  });
});

describe("lists", () => {
  test("page by page, newest first, by topic, state, app and group", async () => {
    const dead = await failed(DEAD_AT_ONCE, 7);
    const fresh = await fixture.given({}, 3);
    const pages: string[] = [];
    let after: Awaited<ReturnType<typeof listDeliveries>>["next"] = null;
    do {
      const page = await listDeliveries(db.pool, { ...scopeOf(dead), states: ["DEAD"], after, limit: 3 });
      expect(page.scanned).toBeNull();
      pages.push(...page.items.map((item) => item.messageId));
      after = page.next;
    } while (after !== null);
    expect(pages).toEqual(dead.ids.toReversed());
    const list = (more: object) =>
      listDeliveries(db.pool, { ...ANY_DELIVERY, after: null, limit: 100, ...more });
    const [item] = (await list({ topic: dead.topic })).items;
    expect(item).toMatchObject({
      subscription: "shipping",
      app: "orders",
      state: "DEAD",
      made: 1,
      maxAttempts: 1,
      error: { type: "timed_out", message: "No acknowledgement came within 30 s.", attempt: 1 },
      group: { errorType: "timed_out" },
    });
    const groupId = item!.group!.id;
    expect((await list({ groupId })).items).toHaveLength(7);
    expect((await list({ groupId, states: ["WAITING"] })).items).toHaveLength(0);
    expect((await list({ topic: fresh.topic, states: ["PENDING"] })).items).toHaveLength(3);
    expect((await list({ topic: fresh.topic, app: "orders", subscription: "shipping" })).items).toHaveLength(
      3,
    );
    expect((await list({ app: "nobody" })).items).toHaveLength(0);
    expect((await list({ topic: dead.topic, to: new Date(Date.now() - 3_600_000) })).items).toHaveLength(0);
    expect(await countDeliveries(db.pool, { ...scopeOf(dead), withinSeconds: 600 })).toMatchObject({
      count: 7,
      capped: false,
    });
  });

  test("the last message of its kind that succeeded is found for comparison", async () => {
    const given = await fixture.given(DEAD_AT_ONCE, 4);
    const { id } = given.subscription;
    await db.pool.query(
      "UPDATE delivery SET state = 'ACKED', due_at = NULL WHERE subscription_id = $1 AND message_id = ANY($2::uuid[])",
      [id, given.ids.slice(0, 2)],
    );
    const like = { messageId: given.ids[3]!, subscriptionId: id };
    const found = await readLastSuccess(db.pool, like);
    expect(found).toMatchObject({ messageId: given.ids[1], payload: { base64: "e30=", bytes: 2 } });
    expect(await readLastSuccess(db.pool, { ...like, subscriptionId: 0 })).toBeNull();
    // What an operator made of a message before it was delivered is compared; what was made of it since is not.
    const version = (messageId: string, at: string) =>
      db.pool.query(
        `INSERT INTO message_version (message_id, version, at, edited_by, reason, content_type, payload)
         SELECT message_id, (SELECT 2 + count(*) FROM message_version WHERE message_id = $1),
                moved_at + $3::text::interval, 'ada', 'x', 'text/plain', convert_to($3::text, 'UTF8')
         FROM delivery WHERE message_id = $1 AND subscription_id = $2`,
        [messageId, id, at],
      );
    for (const messageId of [given.ids[1]!, like.messageId])
      for (const at of ["-2 s", "0 s", "2 s"]) await version(messageId, at);
    const edited = { contentType: "text/plain", bytes: 3, base64: Buffer.from("0 s").toString("base64") };
    expect(await readLastSuccess(db.pool, like)).toMatchObject({ payload: edited, own: edited });
    await db.pool.query("UPDATE topic SET masked = true WHERE name = $1", [given.topic]);
    const masked = { base64: null, headers: null };
    expect(await readLastSuccess(db.pool, like)).toMatchObject({ payload: masked, own: masked });
  });
});

describe("failure groups", () => {
  test("are listed with their chart, read with what was taken out, noted, and ignored until they are loud", async () => {
    const given = await failed(DEAD_AT_ONCE, 6);
    const find = async (withIgnored: boolean) =>
      (
        await listGroups(db.pool, {
          topic: given.topic,
          subscription: null,
          errorType: null,
          withinSeconds: 600,
          withIgnored,
        })
      ).items;
    const [group] = await find(false);
    expect(group).toMatchObject({
      failures: 6,
      lastHour: 6,
      ignored: false,
      note: null,
      errorType: "timed_out",
    });
    expect(group!.series.reduce((sum, point) => sum + point.failures, 0)).toBe(6);
    const { id } = group!;
    const detail = await readGroup(db.pool, id, "hour");
    expect(detail.taken).toEqual([{ kind: "number", text: "30" }]);
    expect([detail.dead, detail.waiting]).toMatchObject([
      { count: 6, capped: false },
      { count: 0, capped: false },
    ]);
    expect(detail.series.length).toBeGreaterThanOrEqual(60);
    await noteGroup(db.pool, { id, note: " slow shop " }, BY);
    await ignoreGroup(db.pool, { id, ignored: true, untilPerMinute: 6 }, BY);
    expect(await find(false)).toEqual([]);
    expect((await find(true))[0]).toMatchObject({ ignored: true, note: "slow shop", ignoredBy: "ada" });
    await db.pool.query(
      "UPDATE failure_group SET ignored_at = ignored_at - interval '5 minutes' WHERE id = $1",
      [id],
    );
    await ignoreGroupAgainAt(id, 5);
    expect((await find(false))[0]).toMatchObject({ ignored: false, ignoreUntilPerMinute: 5 });
    await ignoreGroup(db.pool, { id, ignored: false, untilPerMinute: null }, BY);
    expect((await find(false))[0]).toMatchObject({ ignored: false, ignoredBy: null });
    const { rows } = await db.pool.query(
      "SELECT action FROM audit_log WHERE target_kind = 'failure_group' AND target_id = $1 ORDER BY id",
      [id],
    );
    expect(rows.map((row: { action: string }) => row.action)).toEqual([
      "failure_group.note",
      "failure_group.ignore",
      "failure_group.unignore",
    ]);
    expect(regroupFailures(await find(false), "topic")).toMatchObject([{ name: given.topic, failures: 6 }]);
    await expect(readGroup(db.pool, "999999", "day")).rejects.toMatchObject({ code: "not_found" });
    await expect(
      (async () => ignoreGroup(db.pool, { id, ignored: true, untilPerMinute: 0 }, BY))(),
    ).rejects.toMatchObject({ code: "validation_failed" });
  });
});

/** As if it had been ignored with another rate some minutes ago: it has been louder since. */
const ignoreGroupAgainAt = (id: string, untilPerMinute: number) =>
  db.pool.query("UPDATE failure_group SET ignore_until_per_minute = $2 WHERE id = $1", [id, untilPerMinute]);

describe("editing", () => {
  const options = { config: readConfig({ DATABASE_URL: "postgresql://x@127.0.0.1/x" }), mayUnmask: false };
  const edit = (id: string) => ({
    id,
    basedOn: 1,
    payload: Buffer.from('{"total":12}'),
    contentType: "application/json",
    headers: { region: "eu" },
    note: null,
    as: "same_id" as const,
    send: "nothing" as const,
  });

  test("makes a version beside the content, once, and sends it off anew where it was given up", async () => {
    const given = await failed(DEAD_AT_ONCE, 1);
    const id = given.ids[0]!;
    const both = await Promise.all([
      editMessage(db.pool, { ...edit(id), send: "redrive" }, BY, options),
      editMessage(db.pool, { ...edit(id), send: "redrive" }, BY, options),
    ]);
    expect(both.map((one) => one.kind).toSorted()).toEqual(["changed_meanwhile", "stored"]);
    expect(both.find((one) => one.kind === "changed_meanwhile")).toMatchObject({ version: 2, by: "ada" });
    expect(both.find((one) => one.kind === "stored")).toMatchObject({
      version: 2,
      resent: null,
      redriven: { done: [{ messageId: id, to: "WAITING" }] },
    });
    expect(await readVersions(db.pool, id)).toMatchObject([
      { version: 1, editedBy: null, bytes: 2 },
      { version: 2, editedBy: "ada", reason: "the shop is back", bytes: 12 },
    ]);
    const look = { id, mayUnmask: false };
    expect(await readVersion(db.pool, { ...look, version: 1 }, BY)).toMatchObject({
      base64: "e30=",
      headers: {},
    });
    expect(await readVersion(db.pool, { ...look, version: 2 }, BY)).toMatchObject({
      headers: { region: "eu" },
    });
    const third = await editMessage(db.pool, { ...edit(id), basedOn: 2, send: "resend" }, BY, options);
    expect(third).toMatchObject({
      kind: "stored",
      version: 3,
      resent: { kind: "queued", from: "SENT", attempt: 2 },
    });
  });

  test("makes a new message of it, linked to the one it came from", async () => {
    const given = await failed(DEAD_AT_ONCE, 1);
    const id = given.ids[0]!;
    const made = await editMessage(db.pool, { ...edit(id), as: "new_id" }, BY, options);
    if (made.kind !== "created") throw new Error(made.kind);
    expect(await readCommittedStates(db.pool, [made.id])).toEqual(["READY"]);
    const { rows } = await db.pool.query(
      "SELECT headers, convert_from(payload, 'UTF8') AS payload, lane FROM message WHERE id = $1",
      [made.id],
    );
    expect(rows).toEqual([
      { headers: { region: "eu", "surelay-edited-from": id }, payload: '{"total":12}', lane: 0 },
    ]);
    const events = await db.pool.query(
      "SELECT message_id, kind FROM message_event WHERE message_id = ANY($1::uuid[]) AND kind LIKE 'edited%' ORDER BY kind",
      [[id, made.id]],
    );
    expect(events.rows).toEqual([
      { message_id: made.id, kind: "edited_from" },
      { message_id: id, kind: "edited_into" },
    ]);
    expect(await compareFlow(db.pool)).toEqual([]);
  });

  test.each(["same_id", "new_id"] as const)("as %s is not made of what was never sent", async (as) => {
    const { topicId } = (await fixture.given({}, 0)).subscription;
    const { appId } = await declare(db.pool);
    const message = newMessage({ appId, topicId });
    await insertPrepared(db.hot, [message]);
    const refused = async (state: string) =>
      expect(await editMessage(db.pool, { ...edit(message.id), as }, BY, options)).toEqual({
        kind: "wrong_state",
        state,
      });
    await refused("PREPARED");
    await cancelMessages(db.pool, [message], "producer");
    await refused("CANCELLED");
    expect(await readVersions(db.pool, message.id)).toHaveLength(1);
    const { rows } = await db.pool.query("SELECT FROM message WHERE topic_id = $1", [topicId]);
    expect(rows).toHaveLength(1);
  });

  test("is refused where it makes no sense", async () => {
    const given = await fixture.given({}, 1);
    const id = given.ids[0]!;
    const refused = async (change: object, code: string) =>
      expect(
        (async () => editMessage(db.pool, { ...edit(id), ...change }, BY, options))(),
      ).rejects.toMatchObject({
        code,
      });
    await refused({ id: "018f9c1e-7d3a-7abc-8def-0123456789ab" }, "not_found");
    await refused({ headers: { ce_id: "x" } }, "validation_failed");
    await refused({ payload: Buffer.alloc(2 * 1024 * 1024) }, "payload_too_large");
    await db.pool.query("UPDATE topic SET masked = true WHERE name = $1", [given.topic]);
    await refused({}, "forbidden");
    await expect(readVersion(db.pool, { id, version: 1, mayUnmask: false }, BY)).rejects.toMatchObject({
      code: "forbidden",
    });
    expect(await readVersion(db.pool, { id, version: 1, mayUnmask: true }, BY)).toMatchObject({
      base64: "e30=",
    });
  });
});
