import tests from "../../playwright.config.ts";

/** The pictures: the same stack and browser as the tests, other files. See scripts/screenshots.mjs. */
export default {
  ...tests,
  testDir: ".",
  testMatch: "*.shots.ts",
  outputDir: "../../.surelay/screenshots-run",
  globalSetup: "../support/global-setup.ts",
  timeout: 180_000,
  use: { ...tests.use, trace: "off" },
};
