import { describe, expect, test } from "vitest";
import { NO_CHECK_SETTINGS } from "@/server/domain/check-policy.ts";
import { EMPTY_APP, draftOf, faultsOf, fieldsOf } from "./app-draft.ts";

const draft = { ...EMPTY_APP, name: "orders" };

describe("the form of an app", () => {
  test("takes what is left empty for unset, and trims", () => {
    expect(fieldsOf({ ...draft, contact: "  ", checkUrl: " https://a.example/check " })).toEqual({
      name: "orders",
      contact: null,
      checkUrl: "https://a.example/check",
      checkAfterSeconds: null,
      check: NO_CHECK_SETTINGS,
    });
  });

  test("gives back what it was filled from", () => {
    const app = {
      name: "a",
      contact: "b",
      checkUrl: "http://c/",
      checkAfterSeconds: 30,
      check: { ...NO_CHECK_SETTINGS, jitter: 0 },
    };
    expect(fieldsOf(draftOf(app))).toEqual(app);
  });

  test.each([
    [{}, []],
    [{ name: "" }, ["name"]],
    [{ name: "Orders" }, ["name"]],
    [{ contact: "x".repeat(201) }, ["contact"]],
    [{ checkUrl: "orders/check" }, ["checkUrl"]],
    [{ checkAfterSeconds: 0 }, ["checkAfterSeconds"]],
    [{ checkAfterSeconds: 1.5 }, ["checkAfterSeconds"]],
    [{ checkAfterSeconds: 86_401 }, ["checkAfterSeconds"]],
    [{ checkAfterSeconds: "30" }, []],
    [{ check: { ...EMPTY_APP.check, factor: 1.5, jitter: 0 } }, []],
    [{ check: { ...EMPTY_APP.check, factor: 0.5 } }, ["factor"]],
    [
      { check: { ...EMPTY_APP.check, maxAttempts: 2.5, timeoutSeconds: 31 } },
      ["maxAttempts", "timeoutSeconds"],
    ],
  ])("finds what cannot be stored: %j", (change, faults) => {
    expect([...faultsOf({ ...draft, ...change })]).toEqual(faults);
  });
});
