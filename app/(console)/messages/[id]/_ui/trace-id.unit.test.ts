import { expect, test } from "vitest";
import { traceIdOf } from "./trace-id.ts";

test("a traceparent's trace id is its second part, of a well-formed one only", () => {
  const id = "4bf92f3577b34da6a3ce929d0e0e4736";
  expect(traceIdOf(`00-${id}-00f067aa0ba902b7-01`)).toBe(id);
  expect(traceIdOf(`cc-${id}-00f067aa0ba902b7-01-later`)).toBe(id);
  expect(traceIdOf(id)).toBeNull();
  expect(traceIdOf(`00-${id}-00f067aa0ba902b7`)).toBeNull();
});
