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

test("tells times in the zone that is chosen, and keeps to it", async ({ page, producer }) => {
  const { id } = await producer.send();
  await page.goto(`/messages/${id}`);
  const time = page
    .getByRole("main")
    .getByRole("time")
    .filter({ hasText: /\d\d:\d\d:\d\d/ })
    .first();
  await expect(time).toBeVisible();
  const moment = new Date((await time.getAttribute("datetime"))!);
  const clock = (timeZone: string) =>
    new Intl.DateTimeFormat("en-GB", { timeZone, timeStyle: "medium" }).format(moment);
  await expect(time).toContainText(clock("Europe/Berlin"));
  await page.getByRole("button", { name: "Time zone: Europe/Berlin" }).click();
  await page.getByRole("radio", { name: "UTC", exact: true }).click();
  await expect(page.getByRole("button", { name: "Time zone: UTC" })).toBeVisible();
  await expect(time).toContainText(clock("UTC"));
  await page.reload();
  await expect(time).toContainText(clock("UTC"));

  await page.getByRole("button", { name: "Time zone: UTC" }).click();
  await page.getByRole("radio", { name: "Another zone" }).click();
  await page.getByRole("combobox", { name: "Another zone" }).fill("Shanghai");
  await page.getByRole("option", { name: "Asia/Shanghai" }).click();
  await expect(time).toContainText(clock("Asia/Shanghai"));
});

test("keeps the navigation as narrow as it was left", async ({ page }) => {
  await page.goto("/account/permissions");
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  const width = async () => (await page.getByRole("navigation", { name: "Main" }).boundingBox())!.width;
  expect(await width()).toBeGreaterThan(150);
  await page.getByRole("button", { name: "Narrow the navigation" }).click();
  await expect.poll(width).toBeLessThan(60);
  await page.reload();
  expect(await width()).toBeLessThan(60);
  await expect(page.getByRole("link", { name: "Messages" })).toBeVisible();
});

test("tells times in the browser's zone, and in UTC on hover", async ({ page, producer }) => {
  const { id } = await producer.send();
  // As at the first visit, when the browser has not told it yet.
  await page.context().clearCookies({ name: "surelay.time_zone" });
  await page.goto("/messages");
  const time = page.getByRole("row").filter({ hasText: id }).getByRole("time").first();
  await expect(time).toBeVisible();
  const moment = new Date((await time.getAttribute("datetime"))!);
  const inBerlin = new Intl.DateTimeFormat("en-GB", {
    timeZone: "Europe/Berlin",
    timeStyle: "medium",
  }).format(moment);
  await expect(time).toContainText(inBerlin);
  await expect(time).toHaveAttribute("title", /UTC$/);
});
