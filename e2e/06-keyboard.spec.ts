import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";

/** Keys work once the page is alive; the live connection shows that it is. */
async function openAlive(page: Page, address: string) {
  await page.goto(address);
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
}

test("everything is reached without a mouse", async ({ page, producer }) => {
  const { id } = await producer.send({ businessKey: "o-keyboard" });
  await openAlive(page, "/messages");
  await expect(page.getByRole("link", { name: id })).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.locator("#content")).toBeFocused();
  await page.getByRole("link", { name: id }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: id })).toBeVisible();
});

test("menus open, close and act by keyboard", async ({ page }) => {
  await openAlive(page, "/messages");
  const theme = page.getByRole("button", { name: /^Theme/ });
  await theme.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitem", { name: "Light" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menuitem", { name: "Light" })).toBeHidden();
  await expect(theme).toBeFocused();
});

test("two keys go to a room", async ({ page }) => {
  await openAlive(page, "/account/permissions");
  await page.keyboard.press("g");
  await page.keyboard.press("m");
  await expect(page).toHaveURL(/\/messages$/);
  await expect(page.getByRole("heading", { name: "Messages", level: 1 })).toBeVisible();
  await page.keyboard.press("g");
  await page.keyboard.press("w");
  await expect(page).toHaveURL(/\/workers$/);
});

test("the palette opens a pasted id, a room by a few letters, and gives the focus back", async ({
  page,
  producer,
}) => {
  const { id } = await producer.send({ businessKey: "o-palette" });
  await openAlive(page, "/account/permissions");
  const opener = page.getByRole("button", { name: /Search or jump/ });
  await opener.focus();
  await page.keyboard.press("Enter");
  const field = page.getByRole("combobox", { name: "Search or jump" });
  await expect(field).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(field).toBeHidden();
  await expect(opener).toBeFocused();

  await page.keyboard.press("Control+k");
  await field.fill(` ${id.toUpperCase()} `);
  await expect(page.getByRole("option", { name: `Open message ${id}` })).toHaveAttribute(
    "aria-selected",
    "true",
  );
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/messages/${id}$`));
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();

  await page.keyboard.press("Control+k");
  await expect(page.getByRole("option").filter({ hasText: "o-palette" })).toBeVisible();
  await field.fill("audit");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/audit$/);
});

test("the palette searches for what is no id, and finds what it was told not to exist", async ({ page }) => {
  await openAlive(page, "/account/permissions");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Search or jump" }).fill("o-4711/x");
  await page.getByRole("option", { name: "Search messages for “o-4711/x”" }).click();
  await expect(page).toHaveURL(/\/search\?.*q=o-4711%2Fx/);
});

test("the help lists what works here, and nothing fires while somebody types", async ({ page }) => {
  await openAlive(page, "/messages");
  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(help).toContainText("Workers");
  await expect(help).toContainText("Search or jump");
  await page.keyboard.press("Escape");
  await expect(help).toBeHidden();

  await page.keyboard.press("Control+k");
  const field = page.getByRole("combobox", { name: "Search or jump" });
  await field.pressSequentially("gm?/");
  await expect(field).toHaveValue("gm?/");
  await expect(help).toBeHidden();
  await expect(page).toHaveURL(/\/messages$/);
});
