import fc from "fast-check";
import { expect, test } from "vitest";
import { OffsetWindow } from "./offset-window.ts";

test("the position is the lowest offset that is not settled, whatever the order and the gaps", () => {
  const step = fc.oneof(
    fc.record({ take: fc.integer({ min: 1, max: 4 }) }), // the gap to the next record
    fc.record({ settle: fc.nat(200) }),
    fc.record({ pass: fc.integer({ min: 0, max: 3 }) }),
  );
  fc.assert(
    fc.property(fc.nat(1000), fc.array(step, { maxLength: 200 }), (start, steps) => {
      const window = new OffsetWindow(start);
      const open = new Map<number, () => void>();
      const taken: number[] = [];
      let end = start;
      for (const at of steps) {
        if ("take" in at) {
          const offset = end + at.take - 1;
          open.set(offset, window.take(offset));
          taken.push(offset);
          end = offset + 1;
        } else if ("pass" in at) {
          end += at.pass;
          window.passTo(end);
        } else {
          const offset = [...open.keys()][at.settle % Math.max(1, open.size)];
          if (offset === undefined) continue;
          open.get(offset)!();
          open.get(offset)!(); // twice is once
          open.delete(offset);
        }
        expect(window.end).toBe(end);
        expect(window.unsettled).toBe(open.size);
        expect(window.held).toBe(taken.filter((offset) => offset >= window.position).length);
        expect(window.position).toBe(open.size > 0 ? Math.min(...open.keys()) : end);
      }
    }),
  );
});

test("it forgets what is settled", () => {
  const window = new OffsetWindow(0);
  const last = window.take(0);
  for (let offset = 1; offset < 5000; offset++) window.take(offset)();
  expect(window.position).toBe(0);
  last();
  expect(window.position).toBe(5000);
  expect(window.unsettled).toBe(0);
});
