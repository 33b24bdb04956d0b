import { describe, expect, test } from "vitest";
import { WEBHOOK_LADDER_SECONDS, completeSubscription } from "@/server/domain/subscription.ts";
import { changeMode, emptyForm, faultsOf, formOf, numbersOf, specFrom } from "./subscription-draft.ts";

const begun = { ...emptyForm("orders.created"), name: "shipping" };

describe("the form of a subscription", () => {
  test("begins as a declaration that leaves everything open", () => {
    expect(specFrom(begun)).toEqual(completeSubscription({ topic: "orders.created", name: "shipping" }));
    expect([...faultsOf(emptyForm(""))]).toEqual(["topic", "name"]);
    expect(faultsOf(begun).size).toBe(0);
  });

  test.each(["explicit", "webhook", "offset", "none"] as const)(
    "keeps what a subscription of mode %s declares",
    (ack) => {
      const spec = completeSubscription({
        topic: "orders.created",
        name: "shipping",
        ack,
        app: "billing",
        groupId: "shipping-v2",
        ...(ack === "webhook" && { webhook: { url: "https://shop.example.com/hook" } }),
        ...(ack === "explicit" && { retry: { ladderSeconds: [1, 60, 3600] }, ordered: true }),
      });
      expect(specFrom(formOf(spec))).toEqual(spec);
      expect(faultsOf(formOf(spec)).size).toBe(0);
    },
  );

  test("says which fields are wrong, those that are asked for alone", () => {
    const wrong = {
      ...begun,
      maxAttempts: 0,
      factor: "",
      maxDelaySeconds: 0.5,
      url: "nowhere",
      ladder: "soon",
    };
    expect([...faultsOf(wrong)].toSorted()).toEqual(["factor", "maxAttempts", "maxDelaySeconds"]);
    expect([...faultsOf({ ...wrong, schedule: "ladder" })].toSorted()).toEqual(["ladder", "maxAttempts"]);
    expect([...faultsOf({ ...wrong, ack: "offset" })]).toEqual([]);
    expect(faultsOf({ ...begun, ack: "webhook" })).toContain("url");
    expect(faultsOf({ ...begun, ratePerSecond: "" }).size).toBe(0);
    expect(faultsOf({ ...begun, ratePerSecond: 1.5 })).toContain("ratePerSecond");
    expect(faultsOf({ ...begun, name: "Shipping" })).toContain("name");
  });

  test("another mode brings its own schedule, unless one was declared", () => {
    const hook = changeMode(begun, "webhook");
    expect(specFrom({ ...hook, url: "https://a.example.com" }).retry.ladderSeconds).toEqual([
      ...WEBHOOK_LADDER_SECONDS,
    ]);
    expect(hook.maxAttempts).toBe(WEBHOOK_LADDER_SECONDS.length + 1);
    expect(changeMode(hook, "explicit")).toEqual(begun);
    expect(changeMode({ ...begun, maxAttempts: 3 }, "webhook")).toMatchObject({
      maxAttempts: 3,
      schedule: "exponential",
    });
    expect(numbersOf(hook)).toContain("concurrency");
    expect(numbersOf(begun)).not.toContain("concurrency");
  });
});
