import fc from "fast-check";
import { expect, test } from "vitest";
import { editableText, editedBase64, jsonFaultOf } from "./edit-text.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const sent = (text: string, payload: string, contentType: string) =>
  Buffer.from(
    editedBase64(text, editableText(base64(payload), contentType)!, base64(payload)),
    "base64",
  ).toString();

test("JSON is laid out with every digit as it stands", () => {
  expect(editableText(base64('{"n":12345678901234567890.10,"名":"茶"}'), "application/json")?.text).toBe(
    '{\n  "n": 12345678901234567890.10,\n  "名": "茶"\n}',
  );
  expect(editableText(base64("plain text"), "text/plain")?.text).toBe("plain text");
  expect(
    editableText(Buffer.from([0xff, 0xfe, 0x00]).toString("base64"), "application/octet-stream"),
  ).toBeNull();
});

test("what nobody changed is sent byte for byte", () => {
  const payload = fc.oneof(
    fc.json(),
    fc.string({ unit: fc.constantFrom("a", "茶", " ", "\r", "\n", "\r\n", "\u{feff}") }),
  );
  fc.assert(
    fc.property(payload, fc.constantFrom("application/json", "text/plain"), (text, contentType) => {
      expect(sent(editableText(base64(text), contentType)!.text, text, contentType)).toBe(text);
    }),
  );
});

test("an edited text is sent as its bytes in UTF-8, with the line ends that it had", () => {
  const line = fc.string({ unit: fc.constantFrom("a", "茶", "\u{1f375}", " ") });
  fc.assert(
    fc.property(
      fc.constantFrom("\n", "\r\n", "\r"),
      fc.array(line, { minLength: 2 }),
      fc.array(line),
      (end, before, after) => {
        const shown = editableText(base64(before.join(end)), "text/plain")!.text;
        expect(shown).toBe(before.join("\n"));
        expect(sent(after.join("\n"), before.join(end), "text/plain")).toBe(after.join(end));
      },
    ),
  );
  expect(sent("a\nb\nc", "a\r\nb\n", "text/plain")).toBe("a\nb\nc");
});

test("what calls itself JSON has to be some", () => {
  expect(jsonFaultOf("{}", "application/json")).toBeNull();
  expect(jsonFaultOf("{", "application/cloudevents+json")).not.toBeNull();
  expect(jsonFaultOf("{", "text/plain")).toBeNull();
});
