import { TRPCError } from "@trpc/server";
import { describe, expect, test } from "vitest";
import type { Operator } from "../../server/auth/read-operator.ts";
import { PERMISSIONS, ROLES, may } from "../../server/auth/permissions.ts";
import { ANY_DELIVERY } from "../../server/domain/delivery-scope.ts";
import { newMessageId } from "../../server/domain/message-id.ts";
import { appRouter, createCaller } from "../../server/trpc/router.ts";
import { useDatabase } from "../support/database.ts";
import { contextOf, operatorWith } from "./console-context.ts";

const database = useDatabase();
const id = newMessageId();
const subscription = { topic: "none", name: "nobody" };
const delivery = { messageId: id, subscriptionId: 1 };

/** A valid input for each procedure. A new procedure has to be added here, or this file fails. */
const INPUTS: Record<string, unknown> = {
  "account.read": undefined,
  "account.changePassword": { current: "the present one", next: "tide over the old pier" },
  "account.endSession": { sessionId: "session-2" },
  "account.endOtherSessions": undefined,
  "audit.list": {
    filter: {
      actor: null,
      action: null,
      targetKind: null,
      targetId: null,
      withinSeconds: null,
      from: null,
      to: null,
      text: null,
    },
    before: null,
    limit: 10,
  },
  "audit.read": { id: "9000000000" },
  "audit.facets": undefined,
  "operators.list": undefined,
  "operators.read": { id: "nobody" },
  "operators.add": { username: "newcomer", name: "", role: "viewer", signIn: "oidc", reason: null },
  "operators.changeRole": { id: "nobody", role: "viewer", reason: "a test" },
  "operators.suspend": { id: "nobody", reason: "a test" },
  "operators.lift": { id: "nobody", reason: "a test" },
  "operators.remove": { id: "nobody", reason: "a test" },
  "operators.resetPassword": { id: "nobody", reason: "a test" },
  "operators.endSession": { id: "nobody", sessionId: "session-2" },
  "operators.endSessions": { id: "nobody", reason: "a test" },
  "deliveries.list": { ...ANY_DELIVERY, after: null, limit: 10 },
  "deliveries.count": ANY_DELIVERY,
  "deliveries.states": { keys: [delivery] },
  "deliveries.lastSuccess": delivery,
  "deliveries.redrive": { which: { keys: [delivery] }, reason: "a test" },
  "deliveries.retryNow": { which: { keys: [delivery] }, reason: "a test" },
  "deliveries.discard": {
    which: { ...ANY_DELIVERY, movedBefore: new Date(0), after: null },
    reason: "a test",
  },
  "failures.list": { span: "day" },
  "failures.read": { id: "1", span: "hour" },
  "failures.note": { id: "1", note: "known" },
  "failures.ignore": { id: "1", ignored: true, untilPerMinute: null, reason: "a test" },
  "live.follow": undefined,
  "messages.counts": {},
  "messages.filterNames": undefined,
  "messages.list": { states: [], topic: null, before: null, limit: 10 },
  "messages.states": { messages: [] },
  "messages.read": { id },
  "messages.payload": { id },
  "messages.unmask": { id },
  "messages.neighbours": { id },
  "messages.decide": { id, verdict: "confirm", reason: "for the test" },
  "messages.versions": { id },
  "messages.version": { id, version: 1 },
  "messages.edit": {
    id,
    basedOn: 1,
    payload: "e30=",
    contentType: "application/json",
    headers: {},
    note: null,
    as: "same_id",
    send: "nothing",
    reason: "a test",
  },
  "messages.resend": { id, reason: "for the test" },
  "overview.read": undefined,
  "overview.series": { span: "day" },
  "overview.changes": undefined,
  "prepared.list": { kind: "prepared", app: null, after: null, limit: 10 },
  "prepared.sum": undefined,
  "prepared.askAgain": { which: { ids: [id] }, reason: "for the test" },
  "search.plan": { q: "", zone: "UTC", at: null },
  "search.find": { q: "", zone: "UTC", at: null, before: null, limit: 10 },
  "search.findUnmasked": { q: "", zone: "UTC", at: null, before: null, limit: 10 },
  "session.read": undefined,
  "sources.list": undefined,
  "sources.read": { name: "none" },
  "sources.declare": { name: "made", app: "none", kind: "postgresql", connection: "SURELAY_SOURCE_NONE" },
  "sources.change": {
    source: { name: "none", app: "none", kind: "postgresql", connection: "SURELAY_SOURCE_NONE" },
    seen: new Date(0),
  },
  "sources.remove": { name: "none", reason: "a test" },
  "sources.pause": { name: "none", paused: true, reason: "a test" },
  "sources.test": { name: "none", app: "none", kind: "postgresql", connection: "SURELAY_SOURCE_NONE" },
  "sources.retryRows": { name: "none", refs: null, reason: "a test" },
  "sources.discardRows": { name: "none", refs: null, reason: "a test" },
  "subscriptions.list": undefined,
  "subscriptions.read": subscription,
  "subscriptions.declare": { ...subscription, ack: "offset" },
  "subscriptions.change": { subscription: { ...subscription, ack: "offset" }, seen: new Date(0) },
  "subscriptions.remove": { ...subscription, reason: "a test" },
  "subscriptions.pause": { ...subscription, paused: true, reason: "a test" },
  "subscriptions.resetValve": { ...subscription, reason: "a test" },
  "subscriptions.enableEndpoint": { ...subscription, reason: "a test" },
  "subscriptions.testWebhook": subscription,
  "subscriptions.showSecret": { ...subscription, reason: "a test" },
  "subscriptions.rotateSecret": { ...subscription, seen: 1, reason: "a test" },
  "topics.list": undefined,
  "topics.declared": undefined,
  "topics.read": { name: "none" },
  "topics.inBroker": { name: "none" },
  "topics.plan": { name: "none", partitions: 1 },
  "topics.create": { name: "none", partitions: 1, schema: null, masked: false },
  "topics.raisePartitions": { name: "none", from: 1, to: 2, reason: "a test" },
  "topics.mend": { name: "none", reason: "a test" },
  "topics.mask": { name: "none", masked: true, seen: new Date(0), reason: "a test" },
  "topics.changeSchema": { name: "none", schema: null, seen: new Date(0) },
  "topics.trySchema": { topic: null, schema: "{}", example: null },
  "topics.tryPayload": { topic: "none", payload: "{}" },
  "topics.pause": { name: "none", paused: true, reason: "a test" },
  "apps.list": undefined,
  "apps.read": { name: "none" },
  "apps.create": { name: "made", checkUrl: null, checkAfterSeconds: null, contact: null },
  "apps.change": {
    app: { name: "none", checkUrl: null, checkAfterSeconds: null, contact: null },
    seen: new Date(0),
  },
  "apps.testCheckUrl": { name: "none" },
  "apps.resetBreaker": { name: "none" },
  "apps.showSecret": { name: "none", reason: "a test" },
  "apps.rotateSecret": { name: "none", seen: 1, reason: "a test" },
  "keys.list": undefined,
  "keys.create": { app: "none", scopes: ["produce"], note: null, ratePerSecond: null },
  "keys.revoke": { id: "none", reason: "a test" },
  "workers.board": undefined,
  "workers.command": {
    kind: "relay",
    name: "none",
    startedAt: new Date(0),
    wanted: "quiet",
    reason: "a test",
  },
  "workers.pauseLane": { lane: 999, paused: true, reason: "a test" },
};

interface Procedure {
  _def: { meta?: { permission?: string | null }; type: string };
}
const procedures = appRouter._def.procedures as unknown as Record<string, Procedure>;

/** How a call ended: `FORBIDDEN` and its like, or `passed` when it got as far as its own work. */
async function call(name: string, operator: Operator | null): Promise<string> {
  const caller = createCaller(contextOf(database.pool, operator)) as unknown as Record<
    string,
    Record<string, (input: unknown) => Promise<unknown>>
  >;
  const [room, procedure] = name.split(".") as [string, string];
  try {
    await caller[room]![procedure]!(INPUTS[name]);
    return "passed";
  } catch (error) {
    if (!(error instanceof TRPCError)) throw error;
    // Past the check: there is no such thing, or this console was not told where Kafka is.
    // Past the check, too: what it names is not there.
    if (["sources.declare", "subscriptions.declare"].includes(name) && error.code === "BAD_REQUEST")
      return "passed";
    return ["NOT_FOUND", "SERVICE_UNAVAILABLE"].includes(error.code) ? "passed" : error.code;
  }
}

describe("every procedure", () => {
  test("is known to this test and names a permission or that being signed in is enough", () => {
    expect(Object.keys(procedures).toSorted()).toEqual(Object.keys(INPUTS).toSorted());
    for (const [name, { _def }] of Object.entries(procedures))
      expect([null, ...Object.keys(PERMISSIONS)], name).toContain(_def.meta?.permission);
  });

  for (const name of Object.keys(procedures)) {
    const permission = procedures[name]!._def.meta?.permission ?? null;
    for (const role of [...ROLES, "guest", null]) {
      const passes = permission === null || may(role, permission as keyof typeof PERMISSIONS);
      test(`${name} as ${role}: ${passes ? "passes" : "is refused"}`, async () => {
        expect(await call(name, operatorWith(role))).toBe(passes ? "passed" : "FORBIDDEN");
      });
    }
    test(`${name} without a session is refused`, async () => {
      expect(await call(name, null)).toBe("UNAUTHORIZED");
    });
  }
});

test("an error that is not meant to be shown is not shown", async () => {
  const broken = { ...contextOf(database.pool, operatorWith("viewer")) };
  broken.db = { query: () => Promise.reject(new Error("syntax error near secret")) } as never;
  await expect(createCaller(broken).topics.list()).rejects.toThrow("Something went wrong here.");
});
