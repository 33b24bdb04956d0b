import { readFileSync } from "node:fs";
import { test as base, expect } from "@playwright/test";
import pg from "pg";
import { STACK_FILE } from "./paths.ts";
import { Producer } from "./producer.ts";
import type { Stack } from "./stack.ts";
import { waitForStreamedParts } from "./wait-for-streamed-parts.ts";
import { watchFaults } from "./watch-faults.ts";

interface Fixtures {
  stack: Stack;
  /** Sends through the public API. */
  producer: Producer;
  /** The store itself, for what no call of the API brings about. */
  database: pg.Client;
  /** Console errors that this test brings about on purpose. Any other, and any breach of the page's policy, fails it. */
  expectedErrors: RegExp;
}

export { expect };

export const test = base.extend<Fixtures>({
  // oxlint-disable-next-line no-empty-pattern -- the runner insists on a pattern
  stack: async ({}, provide) => {
    await provide(JSON.parse(readFileSync(STACK_FILE, "utf8")) as Stack);
  },
  baseURL: ({ stack }, provide) => provide(stack.consoleUrl),
  producer: ({ stack }, provide) => provide(new Producer(stack)),
  database: async ({ stack }, provide) => {
    const client = new pg.Client({ connectionString: stack.databaseUrl });
    await client.connect();
    await provide(client);
    await client.end();
  },
  expectedErrors: [/(?!)/, { option: true }],
  page: async ({ page, expectedErrors }, provide) => {
    const faults = await watchFaults(page);
    waitForStreamedParts(page);
    await provide(page);
    expect(faults.filter((fault) => !expectedErrors.test(fault))).toEqual([]);
  },
});
