import { expect, test } from "./support/fixtures.ts";

test("everything is reached without a mouse", async ({ page, producer }) => {
  const { id } = await producer.send({ businessKey: "o-keyboard" });
  await page.goto("/messages");
  await expect(page.getByRole("link", { name: id })).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("#content")).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("checkbox", { name: "Prepared" })).toBeFocused();
  await page.getByRole("link", { name: id }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: id })).toBeVisible();
});

test("menus open, close and act by keyboard", async ({ page }) => {
  await page.goto("/messages");
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  const theme = page.getByRole("button", { name: /^Theme/ });
  await theme.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitem", { name: "Light" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menuitem", { name: "Light" })).toBeHidden();
  await expect(theme).toBeFocused();
});
