import { randomFillSync } from "node:crypto";

let lastMs = 0;
let sequence = 0;
const random = Buffer.alloc(10);

/**
 * A new message id: UUIDv7 (RFC 9562), growing within this process. The 12 bits behind the time count the ids of one
 * millisecond from a random start; when they run over, the time runs ahead by one.
 */
export function newMessageId(): string {
  randomFillSync(random);
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    sequence = random.readUInt16BE(8) & 0x7ff; // upper bit free: room to count at least 2,048
  } else if (++sequence > 0xfff) {
    lastMs++;
    sequence = random.readUInt16BE(8) & 0x7ff;
  }
  const time = lastMs.toString(16).padStart(12, "0");
  const counter = (0x7000 | sequence).toString(16);
  random[0] = (random[0]! & 0x3f) | 0x80;
  const tail = random.toString("hex", 0, 8);
  return `${time.slice(0, 8)}-${time.slice(8)}-${counter}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}

/** The moment inside a UUIDv7, ms since the epoch. */
export function timeOfMessageId(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}
