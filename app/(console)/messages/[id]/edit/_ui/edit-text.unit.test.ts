import fc from "fast-check";
import { expect, test } from "vitest";
import { editableText, jsonFaultOf, toBase64 } from "./edit-text.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const sent = (text: string, payload: string, contentType: string) =>
  Buffer.from(toBase64(editableText(base64(payload), contentType)!.restore(text)), "base64").toString();

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

test("JSON on one line is edited laid out, and sent as it was written", () => {
  const spaced = (value: unknown): string =>
    Array.isArray(value)
      ? `[${value.map(spaced).join(", ")}]`
      : typeof value === "object" && value !== null
        ? `{${Object.entries(value)
            .map(([name, one]) => `${JSON.stringify(name)}: ${spaced(one)}`)
            .join(", ")}}`
        : JSON.stringify(value);
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (before, after) => {
      const edited = JSON.stringify(after, null, 2);
      for (const write of [JSON.stringify, spaced]) {
        const payload = write({ before, and: 1 });
        expect(editableText(base64(payload), "application/json")!.text).toBe(
          JSON.stringify(JSON.parse(payload), null, 2),
        );
        expect(sent(edited, payload, "application/json")).toBe(write(JSON.parse(edited)));
      }
    }),
  );
  expect(sent("no [ JSON ]", "[1]", "text/plain")).toBe("no [ JSON ]");
});

test("JSON that was laid out otherwise stays so", () => {
  const payload = '{\r\n    "a": 1,\r\n    "b": [ 2 ]\r\n}\r\n';
  const { text } = editableText(base64(payload), "application/json")!;
  expect(text).toBe(payload.replaceAll("\r\n", "\n"));
  expect(sent(text.replace("1", "3"), payload, "application/json")).toBe(payload.replace("1", "3"));
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
