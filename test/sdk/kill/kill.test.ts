import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { useApi } from "../../api/use-api.ts";
import { useDatabase } from "../../support/database.ts";
import { barrierDdl, BUSINESS_TABLES } from "../business-tables.ts";
import { runKills } from "./run-kills.ts";
import { STEPS } from "./steps.ts";

const api = useApi();
const business = useDatabase();
let store: pg.Pool;

beforeAll(async () => {
  await business.pool.query(barrierDdl("postgresql"));
  await business.pool.query(BUSINESS_TABLES.postgresql);
  store = new pg.Pool({ connectionString: api.database.url, max: 4 });
});
afterAll(() => store.end());

test("a producer that dies at any step leaves every message with its transaction's fate", async () => {
  const verdict = await runKills(
    { apiUrl: `http://127.0.0.1:${api.port}`, key: api.client.key, store, businessUrl: business.url },
    { kills: 5 * STEPS.length, parallel: 3 },
  );
  expect(verdict).toMatchObject({ lost: [], phantom: [], contradictions: [], stuck: [], failures: [] });
  // It was a test of something: every step, check-backs of all kinds, and transactions that came too late.
  expect(Object.keys(verdict.steps)).toHaveLength(STEPS.length);
  expect(verdict.committed).toBeGreaterThan(125);
  expect(verdict.rolledBack).toBeGreaterThan(60);
  expect(verdict.answers.committed).toBeGreaterThan(0);
  expect(verdict.answers.rolled_back).toBeGreaterThan(0);
  expect(verdict.answers["503"]).toBeGreaterThan(0);
  expect(verdict.late).toBeGreaterThan(0);
}, 120_000);
