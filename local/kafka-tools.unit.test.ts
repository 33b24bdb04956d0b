import { describe, expect, test } from "vitest";
import { parseRecord } from "./kafka-tools.ts";

const line = (...fields: string[]) => fields.join("\u0001");

describe("a line of the console consumer", () => {
  test("gives back escaped bytes, and a backslash that was one", () => {
    const record = parseRecord(
      line(
        "CreateTime:17",
        "Partition:3",
        "Offset:9007199254740993",
        "NO_HEADERS",
        "k",
        "\\x00\\xFF\\x5Cx41",
      ),
    );
    expect(record).toEqual({
      timestamp: 17,
      partition: 3,
      offset: 9007199254740993n,
      headers: [],
      key: Buffer.from("k"),
      value: Buffer.from([0, 255, ...Buffer.from("\\x41")]),
    });
  });

  test("tells null from empty, and keeps headers that repeat", () => {
    const nothing = "surelay-null-9f41c2d7";
    const record = parseRecord(
      line("CreateTime:1", "Partition:0", "Offset:0", `a:1:2\u0002a:\u0002b:${nothing}`, nothing, ""),
    );
    expect(record?.key).toBe(null);
    expect(record?.value).toEqual(Buffer.alloc(0));
    expect(record?.headers).toEqual([
      ["a", Buffer.from("1:2")],
      ["a", Buffer.alloc(0)],
      ["b", null],
    ]);
  });

  test("is no record if it is something else", () => {
    expect(parseRecord("Processed a total of 3 messages")).toBe(null);
  });
});
