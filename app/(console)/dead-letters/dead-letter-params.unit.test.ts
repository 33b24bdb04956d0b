import { describe, expect, test } from "vitest";
import { newMessageId } from "@/server/domain/message-id.ts";
import {
  isNarrowed,
  loadDeadLetterParams,
  readKey,
  toListInput,
  toScope,
  writeKey,
} from "./dead-letter-params.ts";

const read = (address: Record<string, string>) => loadDeadLetterParams(Promise.resolve(address));

describe("the address of the room of dead letters", () => {
  test("begins with what is dead, of everybody", async () => {
    expect(toScope(await read({}))).toEqual({
      states: ["DEAD"],
      topic: null,
      subscription: null,
      app: null,
      groupId: null,
      withinSeconds: null,
      from: null,
      to: null,
      movedBefore: null,
    });
  });

  test("names a subscription by its topic and its name", async () => {
    const scope = toScope(await read({ subscription: "orders.created/shipping", topic: "another" }));
    expect(scope).toMatchObject({ topic: "orders.created", subscription: "shipping" });
    expect(toScope(await read({ subscription: "shipping" }))).toMatchObject({
      topic: null,
      subscription: "shipping",
    });
    expect(toScope(await read({ topic: "orders.created" }))).toMatchObject({
      topic: "orders.created",
      subscription: null,
    });
  });

  test("what is no group's id and no subscription's name finds nothing instead of everything", async () => {
    for (const group of ["x", "", "1 ", "1".repeat(19)]) {
      const params = await read({ group });
      expect([toScope(params).groupId, isNarrowed(params)]).toEqual(["0", true]);
    }
    expect(toScope(await read({ subscription: "orders.created/" })).subscription).toBe("");
    expect(toScope(await read({ subscription: "/shipping" })).topic).toBe("");
  });

  test("takes what is no cursor and no state for none", async () => {
    expect(toScope(await read({ group: "17" })).groupId).toBe("17");
    expect(toListInput(await read({ after: "nonsense" })).after).toBeNull();
    expect(toListInput(await read({ state: "LOST" })).states).toEqual(["DEAD"]);
  });

  test("a delivery's key goes into an address and comes back", () => {
    const key = { messageId: newMessageId(), subscriptionId: 12 };
    expect(readKey(writeKey(key))).toEqual(key);
    expect(readKey(key.messageId)).toBeNull();
    expect(readKey(`${key.messageId}.-1`)).toBeNull();
  });
});
