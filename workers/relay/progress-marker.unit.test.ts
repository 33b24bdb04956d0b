import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeProgress, encodeProgress, progressTopic, sentOf } from "./progress-marker.ts";

const topics = fc.string({ unit: fc.constantFrom("a", "-", ".", "_", "7"), minLength: 1, maxLength: 30 });
const idsByPlace = fc.dictionary(
  fc.tuple(topics, fc.nat({ max: 9999 })).map(([t, p]) => `${t}/${p}`),
  fc.array(fc.uuid({ version: 7 }), { minLength: 1 }),
);
const placed = (byPlace: Record<string, string[]>) =>
  Object.entries(byPlace).flatMap(([place, ids]) =>
    ids.map((id) => ({ id, partition: Number(place.split("/")[1]), offset: null })),
  );

test("a marker tells every id and its partition, whatever the topic is called, and which are resends", () => {
  fc.assert(
    fc.property(idsByPlace, fc.option(idsByPlace, { nil: undefined }), (sent, resent) => {
      const decoded = decodeProgress(encodeProgress({ kind: "batch", epoch: "12", sent, resent }).value);
      if (decoded.kind !== "batch") throw new Error("a batch became something else");
      expect(sentOf(decoded)).toEqual({ sent: placed(sent), resent: placed(resent ?? {}) });
    }),
  );
});

test("a thousand ids make a marker of less than 41 KB", () => {
  const ids = Array.from({ length: 1000 }, () => "0193a0b0-0000-7000-8000-000000000000");
  expect(
    encodeProgress({ kind: "batch", epoch: "12", sent: { "orders.created/3": ids } }).value.length,
  ).toBeLessThan(41_000);
});

test.each([[null], [Buffer.from("")], [Buffer.from("{}")], [Buffer.from('"text"')], [Buffer.from("null")]])(
  "what no relay wrote is an error, not an empty marker: %s",
  (value) => {
    expect(() => decodeProgress(value)).toThrow();
  },
);

test("environments that share a broker share no progress", () => {
  expect(progressTopic("local")).toBe("surelay.relay.progress");
  expect(progressTopic("prod-eu")).toBe("surelay.prod-eu.relay.progress");
});
