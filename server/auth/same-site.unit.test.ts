import { describe, expect, test } from "vitest";
import { judgeOrigin } from "./same-site.ts";

const ours = new Set(["http://127.0.0.1:3000"]);
const judge = (headers: Record<string, string>) => judgeOrigin(new Headers(headers), ours);
const json = { "content-type": "application/json" };

describe("a POST", () => {
  test("from our own page passes, and so does one from a program that states nothing", () => {
    expect(judge({ ...json, origin: "http://127.0.0.1:3000", "sec-fetch-site": "same-origin" })).toBeNull();
    expect(judge({ "content-type": "application/json; charset=utf-8" })).toBeNull();
  });

  test("from elsewhere, or in a form that other sites can send, does not", () => {
    expect(judge({ ...json, "sec-fetch-site": "cross-site" })).toBe("other_site");
    expect(judge({ ...json, "sec-fetch-site": "same-site" })).toBe("other_site");
    expect(judge({ ...json, origin: "https://elsewhere.example" })).toBe("other_origin");
    expect(judge({ ...json, origin: "null" })).toBe("other_origin");
    expect(judge({ "content-type": "text/plain; application/json" })).toBe("not_json");
    expect(judge({ "content-type": "application/jsonp" })).toBe("not_json");
    expect(judge({})).toBe("not_json");
  });
});
