import { defineConfig } from "vitest/config";
import { join } from "node:path";

/** `server-only` throws outside Next; the tests run server code in plain Node. */
const alias = { "server-only": join(import.meta.dirname, "scripts/empty.mjs"), "@": import.meta.dirname };
const generated = ["**/node_modules/**", "dist/**", ".next/**", ".surelay/**"];

/**
 * Tests that kill processes, watch deadlines or share names in the broker run one file after the other: on two cores a
 * neighbour's load would be one more fault that nobody asked for.
 */
const ALONE = [
  "test/{collect,confirm,launcher,notify,recover,relay,shop}/**/*.test.ts",
  "test/**/{faults,kill}*.test.ts",
];

/** Real PostgreSQL and Kafka, started once per project; each file has a database and topics of its own. */
const real = {
  exclude: ["**/*.unit.test.ts", ...generated],
  globalSetup: "test/support/global-setup.ts",
  pool: "forks" as const,
  // Files clean up after themselves; a process for each would spend 45 s on loading the same code 50 times.
  isolate: false,
  testTimeout: 60_000,
  hookTimeout: 60_000,
};

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias },
        // Properties take a second or two; beside the browser on a busy machine, many.
        test: {
          name: "unit",
          include: ["**/*.unit.test.ts"],
          exclude: generated,
          // Pure functions: nothing to keep apart, and a process for each file takes longer than all tests.
          isolate: false,
          testTimeout: 30_000,
        },
      },
      {
        resolve: { alias },
        test: {
          ...real,
          name: "integration",
          include: ["test/**/*.test.ts"],
          exclude: [...real.exclude, ...ALONE],
          maxWorkers: 2,
        },
      },
      {
        resolve: { alias },
        test: { ...real, name: "faults", include: ALONE, fileParallelism: false },
      },
    ],
  },
});
