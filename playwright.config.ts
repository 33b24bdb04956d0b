import { existsSync } from "node:fs";
import { join } from "node:path";
import { chromium, defineConfig, devices } from "@playwright/test";
import { ADMIN_STATE } from "./e2e/support/paths.ts";

/** Where systems put a Chromium of their own, for machines on which Playwright has not installed one; the lightest first. */
const SYSTEM_BROWSERS = [
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const executablePath =
  process.env.CHROMIUM ??
  (existsSync(chromium.executablePath()) ? undefined : SYSTEM_BROWSERS.find((path) => existsSync(path)));

/** Photographs the scenes instead of testing; see scripts/screenshots.mjs. */
const pictures = process.env.SCREENSHOTS !== undefined;

/** Every scene under axe: half of all, and nothing that another test looks at. `npm test` runs it beside the others. */
const SCENES = "*-accessibility.spec.ts";

/** One stack for the run, one test after the other: they look at the same list. */
export default defineConfig({
  testDir: "e2e",
  projects: pictures
    ? [{ name: "pictures", testMatch: "screenshots/*.shots.ts" }]
    : [
        // A browser that knows the console's code already, and nothing of the test before.
        { name: "rooms", testMatch: "*.spec.ts", testIgnore: SCENES, use: { reuseContext: true } },
        { name: "scenes", testMatch: SCENES },
      ],
  workers: 1,
  retries: 0,
  timeout: pictures ? 180_000 : 60_000,
  expect: { timeout: 20_000 },
  forbidOnly: true,
  reporter: [["line"]],
  outputDir: pictures ? ".surelay/screenshots-run" : join("test-results", process.env.E2E_RUN ?? ""),
  globalSetup: "./e2e/support/global-setup.ts",
  use: {
    ...devices["Desktop Chrome"],
    viewport: { width: 1440, height: 900 },
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    colorScheme: "light",
    storageState: ADMIN_STATE,
    // A trace takes a third of the run's processor time: only when one is looked for.
    trace: process.env.TRACE === undefined ? "off" : "retain-on-failure",
    screenshot: pictures ? "off" : "only-on-failure",
    contextOptions: { reducedMotion: "reduce" },
    launchOptions: {
      executablePath,
      // Drawn by the processor in any case: without a process that imitates a graphics card.
      args: ["--disable-gpu", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
    },
  },
});
