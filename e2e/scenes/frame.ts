import type { Page } from "@playwright/test";
import type { Scene } from "./scene.ts";

const alive = (page: Page) => page.locator("[data-stream][data-liveness=live]").waitFor();
const narrow = (page: Page) => (page.viewportSize()?.width ?? 0) < 768;

/** Any address inside of the frame that is quick and the same every time. */
async function openFrame(page: Page, address = "/account/permissions"): Promise<void> {
  await page.goto(address);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await alive(page);
}

/** What stands in the header on a wide window stands in the navigation's drawer on a narrow one. */
async function openPreferences(page: Page): Promise<void> {
  await openFrame(page);
  if (!narrow(page)) return;
  await page.locator("header button[aria-expanded]").first().click();
  await page.getByRole("dialog").waitFor();
}

const visible = (page: Page, selector: string) => page.locator(selector).and(page.locator(":visible")).last();

export const scenes: Scene[] = [
  {
    name: "frame-palette",
    open: async ({ page, producer }) => {
      const { id } = await producer.send({ businessKey: "o-recent" });
      await page.goto(`/messages/${id}`);
      await page.getByRole("heading", { level: 1 }).filter({ hasText: id }).waitFor();
      await openFrame(page);
      await page.keyboard.press("Control+k");
      await page.getByRole("option").filter({ hasText: "o-recent" }).waitFor();
    },
  },
  {
    name: "frame-palette-message",
    open: async ({ page, producer }) => {
      const { id } = await producer.send();
      await openFrame(page);
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox").fill(id);
      await page.getByRole("option").filter({ hasText: id }).locator("[data-state]").waitFor();
    },
  },
  {
    name: "frame-palette-none",
    open: async ({ page }) => {
      await openFrame(page);
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox").fill("o-4711 nothing like a room");
      await page.getByRole("option").waitFor();
    },
  },
  {
    name: "frame-shortcuts",
    open: async ({ page }) => {
      await openFrame(page);
      await page.keyboard.press("?");
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "frame-account-menu",
    open: async ({ page }) => {
      await openFrame(page);
      await page.locator("header").getByRole("button").last().click();
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "frame-time-zone",
    open: async ({ page }) => {
      await openPreferences(page);
      await visible(page, "button[data-preference=time-zone]").click();
      await page.getByRole("radio").first().waitFor();
    },
  },
  {
    name: "frame-language",
    open: async ({ page }) => {
      await openPreferences(page);
      await visible(page, "button[data-preference=language]").click();
      await page.getByRole("menuitem").first().waitFor();
    },
  },
  {
    name: "frame-theme",
    open: async ({ page }) => {
      await openPreferences(page);
      await visible(page, "button[data-preference=theme]").click();
      await page.getByRole("menuitem").first().waitFor();
    },
  },
  {
    name: "frame-navigation-slim",
    open: async ({ page, stack }) => {
      await page.context().addCookies([{ name: "surelay.sidebar", value: "slim", url: stack.consoleUrl }]);
      await openFrame(page);
    },
    close: ({ page }) => page.context().clearCookies({ name: "surelay.sidebar" }),
  },
  {
    name: "frame-unknown-page",
    expectedErrors: /404/,
    open: ({ page }) => openFrame(page, "/no/such/room"),
  },
  {
    name: "frame-stale",
    expectedErrors: /ERR_|Failed to (?:fetch|load)/,
    open: async ({ page }) => {
      await page.route(/\/api\/trpc\/live\.follow/, (route) =>
        route.fulfill({
          status: 200,
          contentType: "text/event-stream",
          body: `event: connected\ndata: {}\n\nid: scene-1\ndata: ${JSON.stringify({ json: { version: "scene-1", at: "2026-11-21T10:00:00.000Z" }, meta: { values: { at: ["Date"] } } })}\n\n`,
        }),
      );
      await page.goto("/account/permissions");
      await page.locator("[data-stream][data-liveness=stale]").waitFor();
    },
  },
  {
    name: "frame-forbidden",
    expectedErrors: /403/,
    open: async ({ page }) => {
      await page.goto("/operators");
      await page.locator("main h2").waitFor();
    },
    role: "viewer",
  },
];
