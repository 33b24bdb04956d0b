import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { safeNext } from "./safe-next.ts";

describe("where a sign-in leads to", () => {
  test.each([
    ["/messages?state=SENT", "/messages?state=SENT"],
    [
      "/messages/0193a000-0000-7000-8000-000000000000#payload",
      "/messages/0193a000-0000-7000-8000-000000000000#payload",
    ],
    ["//elsewhere.example", "/overview"],
    ["/\\elsewhere.example", "/overview"],
    ["/\t/elsewhere.example", "/overview"],
    ["/..//elsewhere.example", "/overview"],
    ["https://elsewhere.example", "/overview"],
    ["javascript:alert(1)", "/overview"],
    ["/login?next=/x", "/overview"],
    ["/api/auth/sign-out", "/overview"],
    [undefined, "/overview"],
    [["/a", "/b"], "/overview"],
  ])("%j → %s", (given, expected) => {
    expect(safeNext(given)).toBe(expected);
  });

  test("whatever is given, a browser stays on the console", () => {
    const pieces = fc.constantFrom(
      "/",
      "\\",
      "//",
      "..",
      ":",
      "@",
      "\t",
      "\n",
      "%2f",
      "elsewhere.example",
      "http:",
      "?",
      "#",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ maxLength: 3 })), { maxLength: 8 }), (parts) => {
        const target = new URL(safeNext(parts.join("")), "https://console.example/login");
        expect(target.origin).toBe("https://console.example");
      }),
      { numRuns: 5000 },
    );
  });
});
