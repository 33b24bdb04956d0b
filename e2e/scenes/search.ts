import { expect } from "@playwright/test";
import type { Scene, SceneTools } from "./scene.ts";

const go = (page: SceneTools["page"], query: string) =>
  page.goto(query === "" ? "/search" : `/search?${new URLSearchParams({ q: query })}`);
/** In every language: the box is what the page's search is. */
const box = (page: SceneTools["page"]) =>
  page.locator("[data-page-search] input, input[data-page-search]").first();
const rows = (page: SceneTools["page"]) => page.locator("tbody tr");

/** Holds one procedure's answer back, or refuses it. */
async function answer(page: SceneTools["page"], procedure: string, with_: "never" | "error") {
  await page.route(`**/api/trpc/**${procedure}**`, (route) =>
    with_ === "never" ? undefined : route.fulfill({ status: 500, body: "{}" }),
  );
}

export const scenes: Scene[] = [
  {
    name: "search-help",
    open: async ({ page }) => {
      await go(page, "");
      await expect(page.locator("main ul li").first()).toBeVisible();
    },
  },
  {
    name: "search-suggestions",
    open: async ({ page }) => {
      await go(page, "");
      await box(page).fill("state:SENT,re");
      await expect(page.getByRole("option").first()).toBeVisible();
    },
  },
  {
    name: "search-plan",
    open: async ({ page }) => {
      await go(page, "");
      await box(page).fill("topic:orders.created payload.customer.id=42");
      await box(page).press("Escape");
      await expect(page.locator("main output svg")).toBeVisible();
    },
  },
  {
    name: "search-results",
    open: async ({ page, producer }) => {
      await producer.sendMany(6, (n) => ({ key: "c-search", businessKey: `o-${n}`, type: "order.created" }));
      await go(page, "key:c-search last:1d");
      await expect(rows(page).nth(5)).toBeVisible();
    },
  },
  {
    name: "search-peek",
    open: async ({ page, producer }) => {
      const { id } = await producer.send({ key: "c-search", payload: { customer: { id: 42 } } });
      await page.goto(`/search?${new URLSearchParams({ q: id, peek: id })}`);
      await expect(rows(page).first()).toBeVisible();
      await expect(page.locator("pre").first()).toBeVisible();
    },
  },
  {
    name: "search-more",
    open: async ({ page, producer }) => {
      await producer.sendMany(60, (n) => ({ key: "c-many", businessKey: `m-${n}` }));
      await go(page, "key:c-many");
      await expect(rows(page)).toHaveCount(50);
    },
  },
  {
    name: "search-nothing",
    open: async ({ page }) => {
      await go(page, "key:there-is-none payload.a=1");
      await expect(page.locator("main h2").first()).toBeVisible();
    },
  },
  {
    name: "search-unknown-topic",
    open: async ({ page }) => {
      await go(page, "topic:orders.craeted");
      await expect(page.locator("main h2").first()).toBeVisible();
    },
  },
  {
    name: "search-problem",
    open: async ({ page }) => {
      await go(page, "stat:SENT topic:orders.created");
      await expect(page.locator("main [role=alert] mark")).toBeVisible();
    },
  },
  {
    name: "search-loading",
    open: async ({ page }) => {
      await answer(page, "search.find", "never");
      await go(page, "key:c-search");
      await page.locator("main [data-page-search]").filter({ visible: true }).waitFor();
      await expect(page.locator("main [aria-busy=true]").last()).toBeVisible();
    },
    close: ({ page }) => page.unrouteAll({ behavior: "ignoreErrors" }),
  },
  {
    name: "search-error",
    expectedErrors: /500/,
    open: async ({ page }) => {
      await answer(page, "search.find", "error");
      await go(page, "key:c-search");
      await expect(page.locator("main [role=alert]")).toBeVisible();
    },
    close: ({ page }) => page.unrouteAll({ behavior: "ignoreErrors" }),
  },
];
