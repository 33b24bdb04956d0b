import fc from "fast-check";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { crc32c } from "./crc32c.ts";
import type { OutgoingRecord } from "./port.ts";
import { measureBatch, recordSize, writeBatch } from "./record-batch.ts";

const require = createRequire(import.meta.url);
const Decoder = require("kafkajs/src/protocol/decoder.js") as new (bytes: Buffer) => unknown;
const decodeBatch = require("kafkajs/src/protocol/recordBatch/v0/decoder.js") as (
  decoder: unknown,
) => Promise<DecodedBatch>;
const referenceCrc = require("kafkajs/src/protocol/recordBatch/crc32C/index.js") as (bytes: Buffer) => number;

interface DecodedBatch {
  producerEpoch: number;
  inTransaction: boolean;
  firstSequence: number;
  maxTimestamp: string;
  records: {
    key: Buffer | null;
    value: Buffer;
    headers: Record<string, Buffer | Buffer[]>;
    offset: string;
  }[];
}

const head = {
  producerId: 4_000_000_007n,
  producerEpoch: 17,
  firstSequence: 123_456,
  timestampMs: 1_790_000_000_000,
};

const encode = (records: OutgoingRecord[]): Buffer => {
  const measured = measureBatch(records);
  const target = Buffer.alloc(measured.size + 7, 0xee);
  expect(writeBatch(target, 3, measured, head)).toBe(3 + measured.size);
  return target.subarray(3, 3 + measured.size);
};

const anyRecord: fc.Arbitrary<OutgoingRecord> = fc.record({
  key: fc.option(fc.uint8Array({ maxLength: 300 }).map((b) => Buffer.from(b))),
  value: fc.uint8Array({ maxLength: 9000 }).map((b) => Buffer.from(b)),
  headers: fc.uniqueArray(
    fc.tuple(
      fc.string({ maxLength: 40, unit: "grapheme" }).map((name) => `h-${name}`),
      fc.string({ maxLength: 200, unit: "grapheme" }),
    ),
    { maxLength: 12, selector: ([name]) => name },
  ),
});

test("what is written is read back by the client library's decoder", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyRecord, { minLength: 1, maxLength: 20 }), async (records) => {
      const bytes = encode(records);
      const decoded = await decodeBatch(new Decoder(bytes));
      expect(decoded.inTransaction).toBe(true);
      expect(decoded.producerEpoch).toBe(head.producerEpoch);
      expect(decoded.firstSequence).toBe(head.firstSequence);
      expect(decoded.maxTimestamp).toBe(String(head.timestampMs));
      expect(decoded.records.length).toBe(records.length);
      records.forEach((record, i) => {
        const got = decoded.records[i]!;
        expect(Number(got.offset)).toBe(i);
        expect(got.value).toEqual(record.value);
        expect(got.key).toEqual(record.key);
        for (const [name, value] of record.headers) expect(String(got.headers[name])).toBe(value);
        expect(Object.keys(got.headers).length).toBe(record.headers.length);
      });
    }),
    { numRuns: 60 },
  );
});

test("a record is never larger in its batch than recordSize says", () => {
  fc.assert(
    fc.property(fc.array(anyRecord, { minLength: 1, maxLength: 10 }), (records) => {
      const sum = records.reduce((bytes, record) => bytes + recordSize(record), 0);
      expect(measureBatch(records).size).toBeLessThanOrEqual(61 + sum);
    }),
  );
});

test("crc32c has the check value of its definition and agrees with the client library's", () => {
  expect(crc32c(Buffer.from("123456789"))).toBe(0xe3069283);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(crc32c(bytes)).toBe(referenceCrc(Buffer.from(bytes)) >>> 0);
    }),
  );
});
