import { expect, test } from "./support/fixtures.ts";

test("speaks Chinese on request, and keeps to it", async ({ page }) => {
  await page.goto("/messages");
  await page.getByRole("button", { name: "Language" }).click();
  await page.getByRole("menuitem", { name: "中文" }).click();
  await expect(page.getByRole("heading", { name: "消息", exact: true })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "zh");
  await page.reload();
  await expect(page.locator("label", { hasText: /^已发送$/ })).toBeVisible();
  await page.getByRole("button", { name: "语言" }).click();
  await page.getByRole("menuitem", { name: "English" }).click();
  await expect(page.getByRole("heading", { name: "Messages", exact: true })).toBeVisible();
});

test("turns dark on request, and is dark from the first byte after that", async ({ page }) => {
  await page.goto("/messages");
  await page.getByRole("button", { name: /^Theme/ }).click();
  await page.getByRole("menuitem", { name: "Dark" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");
  const html = await (await page.request.get("/messages")).text();
  expect(/<html[^>]*data-mantine-color-scheme="dark"/.test(html)).toBe(true);
});

test("follows the system until something is chosen", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto("/messages");
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");
});

test("tells times in the browser's zone, and in UTC on hover", async ({ page, producer }) => {
  const { id } = await producer.send();
  await page.goto("/messages");
  const time = page.getByRole("row").filter({ hasText: id }).getByRole("time");
  await expect(time).toBeVisible();
  const moment = new Date((await time.getAttribute("datetime"))!);
  const inBerlin = new Intl.DateTimeFormat("en-GB", {
    timeZone: "Europe/Berlin",
    timeStyle: "medium",
  }).format(moment);
  await expect(time).toContainText(inBerlin);
  await expect(time).toHaveAttribute("title", /UTC$/);
});
