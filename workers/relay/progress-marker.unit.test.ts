import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeProgress, encodeProgress, progressTopic, sentOf } from "./progress-marker.ts";

test("a marker tells every id and its partition, whatever the topic is called", () => {
  const topics = fc.string({ unit: fc.constantFrom("a", "-", ".", "_", "7"), minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.tuple(topics, fc.nat({ max: 9999 })).map(([t, p]) => `${t}/${p}`),
        fc.array(fc.uuid({ version: 7 }), { minLength: 1 }),
      ),
      (sent) => {
        const decoded = decodeProgress(encodeProgress({ kind: "batch", epoch: "12", sent }).value);
        if (decoded.kind !== "batch") throw new Error("a batch became something else");
        expect(sentOf(decoded)).toEqual(
          Object.entries(sent).flatMap(([place, ids]) =>
            ids.map((id) => ({ id, partition: Number(place.split("/")[1]), offset: null })),
          ),
        );
      },
    ),
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
