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
const SCENE_MS = 30_000;

interface Given {
  stack: Stack;
  database: pg.Client;
  scene: Scene;
  look: Look;
}

/**
 * Opens a scene, light, hands its page to `look`, and takes back what it changed.
 * @returns what the page did that no page may, but for what the scene announces
 */
export async function openScene(
  browser: Browser,
  given: Given,
  onPage: (page: Page) => Promise<void>,
): Promise<string[]> {
  const { stack, database, scene } = given;
  const stage = await stageOf(browser, given);
  const { page, faults } = stage;
  faults.length = 0;
  const tools: SceneTools = { page, stack, database, producer: new Producer(stack) };
  let whole = false;
  try {
    await scene.open(tools);
    await settle(page);
    await onPage(page);
    whole = true;
    // Before the scene is taken away from under the page, which would rightly say that something is missing.
    return faults.filter((fault) => !(scene.expectedErrors?.test(fault) ?? false));
  } finally {
    await scene.close?.(tools);
    await page.unrouteAll({ behavior: "ignoreErrors" });
    if (whole && (await isSignedIn(page.context()))) await leave(stage, given);
    else await forget(stage);
  }
}

interface Stage {
  page: Page;
  faults: string[];
}

/**
 * One per role and look for the whole run. A page of its own for each scene is drawn by a process of its own at first,
 * and has the console's code loaded and compiled anew: together more than all that is looked at.
 */
const stages = new Map<string, Promise<Stage>>();

function stageOf(browser: Browser, given: Given): Promise<Stage> {
  const { scene, look } = given;
  const name = `${scene.role ?? "admin"} ${look.locale} ${look.width}`;
  const stage = stages.get(name) ?? newStage(browser, given);
  stages.set(name, stage);
  return stage;
}

/** Ends what the page does, until the next scene. */
async function leave({ page }: Stage, { stack, look }: Given): Promise<void> {
  await page.goto(`${stack.consoleUrl}/healthz`);
  await page.setViewportSize(sizeOf(look));
  await page.mouse.move(0, 0);
}

/** What signed out or broke off leaves nothing for the next scene to share. */
async function forget(stage: Stage): Promise<void> {
  for (const [name, known] of stages) if ((await known) === stage) stages.delete(name);
  await stage.page.context().close();
}

async function isSignedIn(context: BrowserContext): Promise<boolean> {
  return (await context.cookies()).some(({ name }) => name.includes("session_token"));
}

const sizeOf = ({ width }: Look) => ({ width, height: width === 390 ? 844 : 900 });

async function newStage(browser: Browser, { stack, database, scene, look }: Given): Promise<Stage> {
  const context = await browser.newContext({
    ...devices["Desktop Chrome"],
    baseURL: stack.consoleUrl,
    storageState: await roleState(stack, database, scene.role ?? "admin"),
    viewport: sizeOf(look),
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
  await context.addCookies(
    Object.entries(cookies).map(([name, value]) => ({ name, value, url: stack.consoleUrl })),
  );
  const page = await context.newPage();
  page.setDefaultTimeout(SCENE_MS);
  const faults = await watchFaults(page);
  waitForStreamedParts(page);
  return { page, faults };
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
