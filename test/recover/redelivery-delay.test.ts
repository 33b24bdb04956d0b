import fc from "fast-check";
import { expect, test } from "vitest";
import type { RetrySchedule } from "../../sdk/contract/retry-schedule.ts";
import { redeliveryDelayMs } from "../../server/domain/redelivery-delay.ts";
import { nextDelay } from "../../server/store/redelivery-delay.ts";
import { useDatabase } from "../support/database.ts";

const db = useDatabase();
const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });

const one = fc.record({
  schedule: fc.record<RetrySchedule>({
    firstDelaySeconds: fc.oneof(fc.constantFrom(0, 1), between(0.001, 86_400)),
    factor: fc.oneof(fc.constantFrom(1, 1.5, 2, 10), between(1, 10)),
    maxDelaySeconds: between(86_400, 604_800),
    jitter: between(0, 1),
    ladderSeconds: fc.oneof(fc.constant([]), fc.array(between(0, 604_800), { minLength: 1, maxLength: 12 })),
  }),
  made: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constantFrom(100, 1000)),
  random: between(0, 0.999_999),
  retryAfter: fc.option(between(0, 604_800)),
});

test("the statement's delay is the domain's, to the millisecond", async () => {
  const cases = fc.sample(one, 2000);
  const delay = nextDelay({
    subscription: "x",
    made: "x.made",
    retryAfterSeconds: "x.retry_after",
    random: "x.random",
  });
  const { rows } = await db.pool.query<{ ms: number }>(
    `SELECT (extract(epoch FROM ${delay}) * 1000)::float8 AS ms
     FROM ROWS FROM (json_to_recordset($1) AS (first_delay_seconds double precision, factor double precision,
       max_delay_seconds double precision, jitter double precision, ladder_seconds double precision[], made integer,
       random double precision, retry_after double precision)) WITH ORDINALITY AS
       x(first_delay_seconds, factor, max_delay_seconds, jitter, ladder_seconds, made, random, retry_after, n)
     ORDER BY n`,
    [
      JSON.stringify(
        cases.map(({ schedule, made, random, retryAfter }) => ({
          first_delay_seconds: schedule.firstDelaySeconds,
          factor: schedule.factor,
          max_delay_seconds: schedule.maxDelaySeconds,
          jitter: schedule.jitter,
          ladder_seconds: schedule.ladderSeconds,
          made,
          random,
          retry_after: retryAfter,
        })),
      ),
    ],
  );
  expect(rows).toHaveLength(cases.length);
  for (const [i, { schedule, made, random, retryAfter }] of cases.entries()) {
    const expected = redeliveryDelayMs(schedule, made, random, retryAfter);
    expect(Math.abs(rows[i]!.ms - expected), JSON.stringify(cases[i])).toBeLessThanOrEqual(1.001);
  }
});
