import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { formatCurl } from "./format-curl.ts";

test("names method, address, key and body", () => {
  expect(formatCurl("http://127.0.0.1:4000", { method: "POST", path: "/v1/x", body: { a: 1 } })).toBe(
    [
      "curl -X POST 'http://127.0.0.1:4000/v1/x' \\",
      '  -H "authorization: Bearer $SURELAY_API_KEY" \\',
      "  -H 'content-type: application/json' \\",
      `  --data-binary '{"a":1}'`,
    ].join("\n"),
  );
  expect(formatCurl("http://a", { method: "GET", path: "/v1/x" })).not.toContain("content-type");
});

test("a shell passes every byte of the body on, whatever it holds", () => {
  const body = `{"it's":"$HOME \`id\` \\" 'quoted' 12345678901234567890"}`;
  const command = formatCurl("http://a", { method: "POST", path: "/v1/x", body });
  const seen = execFileSync("sh", ["-c", command.replace(/^curl/, "printf '%s\\n'")], { encoding: "utf8" });
  expect(seen).toContain(body);
});
