import { type Browser, type BrowserContext, type Page, devices } from "@playwright/test";
import type pg from "pg";
import type { Scene, SceneTools } from "../scenes/scene.ts";
import { Producer } from "./producer.ts";
import { roleState } from "./role-state.ts";
import type { Stack } from "./stack.ts";
import { waitForStreamedParts } from "./wait-for-streamed-parts.ts";
import { watchFaults } from "./watch-faults.ts";

export const THEMES = ["light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export interface Look {
  locale: "en" | "zh";
  /** CSS pixels. */
  width: 1440 | 390;
}

/** How long a scene may take to stand, ms. */
const SCENE_MS = 15_000;

/**
 * Opens a scene on a page of its own, light, hands it to `look`, and takes back what it changed.
 * @returns what the page did that no page may, but for what the scene announces
 */
export async function openScene(
  browser: Browser,
  given: { stack: Stack; database: pg.Client; scene: Scene; look: Look },
  onPage: (page: Page) => Promise<void>,
): Promise<string[]> {
  const { stack, database, scene } = given;
  const context = await contextOf(browser, given);
  const page = await context.newPage();
  page.setDefaultTimeout(SCENE_MS);
  const faults = await watchFaults(page);
  waitForStreamedParts(page);
  const tools: SceneTools = { page, stack, database, producer: new Producer(stack) };
  try {
    await scene.open(tools);
    await settle(page);
    await onPage(page);
    // Before the scene is taken away from under the page, which would rightly say that something is missing.
    return faults.filter((fault) => !(scene.expectedErrors?.test(fault) ?? false));
  } finally {
    await scene.close?.(tools);
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await page.close();
    await forgetIfSignedOut(context);
  }
}

/** One per role and look for the whole run: loading the console's code anew for each scene would take most of its time. */
const contexts = new Map<string, Promise<BrowserContext>>();

function contextOf(
  browser: Browser,
  given: { stack: Stack; database: pg.Client; scene: Scene; look: Look },
): Promise<BrowserContext> {
  const { scene, look } = given;
  const name = `${scene.role ?? "admin"} ${look.locale} ${look.width}`;
  const context = contexts.get(name) ?? newContext(browser, given);
  contexts.set(name, context);
  return context;
}

/** A scene that signs out leaves nothing for the next one to share. */
async function forgetIfSignedOut(context: BrowserContext): Promise<void> {
  if ((await context.cookies()).some(({ name }) => name.includes("session_token"))) return;
  for (const [name, known] of contexts) if ((await known) === context) contexts.delete(name);
  await context.close();
}

async function newContext(
  browser: Browser,
  given: { stack: Stack; database: pg.Client; scene: Scene; look: Look },
): Promise<BrowserContext> {
  const { stack, database, scene, look } = given;
  const context = await browser.newContext({
    ...devices["Desktop Chrome"],
    baseURL: stack.consoleUrl,
    storageState: await roleState(stack, database, scene.role ?? "admin"),
    viewport: { width: look.width, height: look.width === 390 ? 844 : 900 },
    locale: look.locale === "zh" ? "zh-CN" : "en-GB",
    timezoneId: "Europe/Berlin",
    colorScheme: "light",
    reducedMotion: "reduce",
  });
  const cookies = {
    "surelay.theme": "light",
    "surelay.locale": look.locale,
    "surelay.time_zone": "Europe/Berlin",
  };
  // Stays open, and with it the process that draws the context's pages.
  await (await context.newPage()).goto(`${stack.consoleUrl}/healthz`);
  await context.addCookies(
    Object.entries(cookies).map(([name, value]) => ({ name, value, url: stack.consoleUrl })),
  );
  return context;
}

/** Turns an open page light or dark as the theme menu does, without another request. */
export async function turn(page: Page, theme: Theme): Promise<void> {
  await page.evaluate(
    (scheme) => document.documentElement.setAttribute("data-mantine-color-scheme", scheme),
    theme,
  );
  await settle(page);
}

/** Until the title and the fonts are there, nothing fades any more, and two frames were painted. */
async function settle(page: Page): Promise<void> {
  await page.waitForFunction(() => document.title !== "");
  await page.evaluate(async () => {
    await document.fonts.ready;
    const finite = document
      .getAnimations()
      .filter((animation) => animation.effect?.getComputedTiming().iterations !== Infinity);
    await Promise.allSettled(finite.map((animation) => animation.finished));
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
}
