import { defineConfig } from "vitest/config";
import { join } from "node:path";

/** `server-only` throws outside Next; the tests run server code in plain Node. */
const alias = { "server-only": join(import.meta.dirname, "scripts/empty.mjs"), "@": import.meta.dirname };
const generated = ["**/node_modules/**", "dist/**", ".next/**", ".surelay/**"];

export default defineConfig({
  test: {
    reporters: process.env.CI ? ["default"] : ["default"],
    projects: [
      {
        resolve: { alias },
        test: { name: "unit", include: ["**/*.unit.test.ts"], exclude: generated },
      },
      {
        // Real PostgreSQL and Kafka, started once for the run. One file after the other: the tests kill processes and watch
        // deadlines, and on two cores a neighbour's load would be one more fault that nobody asked for.
        resolve: { alias },
        test: {
          name: "integration",
          include: ["test/**/*.test.ts"],
          exclude: ["**/*.unit.test.ts", ...generated],
          globalSetup: "test/support/global-setup.ts",
          pool: "forks",
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
