import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesOf, decodeText, hexDump } from "./decode-payload.ts";

describe("bytes shown", () => {
  test("come out of base64 as they went in, and out of the dump again", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
        expect(bytesOf(Buffer.from(bytes).toString("base64"))).toEqual(new Uint8Array(bytes));
        const hex = hexDump(bytes)
          .split("\n")
          .map((line) => line.slice(10, 58))
          .join("")
          .replaceAll(/\s/g, "");
        expect(hex).toBe(Buffer.from(bytes).toString("hex"));
      }),
    );
  });

  test("are text only when they are UTF-8", () => {
    expect(decodeText(Buffer.from("Grüße 中文"), false)).toEqual({ text: "Grüße 中文", exact: true });
    expect(decodeText(new Uint8Array([0x41, 0xff]), false)).toEqual({ text: "A\uFFFD", exact: false });
    expect(decodeText(Buffer.from("\uFEFFx"), false).text).toBe("\uFEFFx");
  });

  test("may end within a character only when they are cut", () => {
    const broken = Buffer.from("a中").subarray(0, 3);
    expect(decodeText(broken, true)).toEqual({ text: "a", exact: true });
    expect(decodeText(broken, false).exact).toBe(false);
  });

  test("are laid out as hexdump lays them out", () => {
    expect(hexDump(Buffer.from("0123456789abcdefg\n"))).toBe(
      "00000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  |0123456789abcdef|\n" +
        "00000010  67 0a                                             |g.|",
    );
  });
});
