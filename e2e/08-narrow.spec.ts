import { expect, test } from "./support/fixtures.ts";

test.use({ viewport: { width: 390, height: 844 } });

test("fits a telephone: no page scrolls sideways", async ({ page, producer }, testInfo) => {
  const { id } = await producer.send({
    key: "a-rather-long-key-without-any-place-to-break-it-0123456789",
    businessKey: "o-narrow",
    headers: { "x-long": "v".repeat(300) },
  });
  for (const [name, path] of [
    ["messages", "/messages"],
    ["message", `/messages/${id}`],
    ["filtered", "/messages?state=REJECTED,UNDECIDED&topic=orders.created"],
  ] as const) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await page.screenshot({ path: testInfo.outputPath(`${name}.png`), fullPage: name === "message" });
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, path).toBeLessThanOrEqual(0);
  }
});

test("the navigation opens as a drawer, goes to a room, and closes", async ({ page }) => {
  await page.goto("/account/permissions");
  await expect(page.locator("[data-stream]")).toBeVisible();
  const opener = page.getByRole("button", { name: "Open the navigation" });
  await opener.click();
  const drawer = page.getByRole("dialog", { name: "Main" });
  await expect(drawer.getByRole("link", { name: "Workers" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(drawer).toBeHidden();
  await expect(opener).toBeFocused();
  await opener.click();
  await drawer.getByRole("link", { name: "Messages" }).click();
  await expect(page).toHaveURL(/\/messages$/);
  await expect(drawer).toBeHidden();
});

test("opens a message and comes back", async ({ page, producer }) => {
  const { id } = await producer.send();
  await page.goto("/messages");
  await page.getByRole("link", { name: id }).click();
  await expect(page.getByRole("heading", { name: id })).toBeVisible();
});
