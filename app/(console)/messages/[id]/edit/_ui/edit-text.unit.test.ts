import fc from "fast-check";
import { expect, test } from "vitest";
import { editableText, jsonFaultOf, toBase64 } from "./edit-text.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");

test("JSON is laid out with every digit as it stands", () => {
  expect(editableText(base64('{"n":12345678901234567890.10,"名":"茶"}'), "application/json")).toBe(
    '{\n  "n": 12345678901234567890.10,\n  "名": "茶"\n}',
  );
  expect(editableText(base64("plain text"), "text/plain")).toBe("plain text");
  expect(
    editableText(Buffer.from([0xff, 0xfe, 0x00]).toString("base64"), "application/octet-stream"),
  ).toBeNull();
});

test("a text is sent as its bytes in UTF-8", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(Buffer.from(toBase64(text), "base64").toString()).toBe(Buffer.from(text).toString());
    }),
  );
});

test("what calls itself JSON has to be some", () => {
  expect(jsonFaultOf("{}", "application/json")).toBeNull();
  expect(jsonFaultOf("{", "application/cloudevents+json")).not.toBeNull();
  expect(jsonFaultOf("{", "text/plain")).toBeNull();
});
