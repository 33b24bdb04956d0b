import { expect, test } from "./support/fixtures.ts";

test.use({ expectedErrors: /50[03]|React error #441/ });

test.describe("an address that is no room", () => {
  test.use({ expectedErrors: /404/ });

  test("is answered 404, inside of the frame", async ({ page }) => {
    const answer = await page.goto("/no/such/room");
    expect(answer!.status()).toBe(404);
    await expect(page.getByRole("heading", { name: "Not found", level: 1 })).toBeVisible();
    await page.getByRole("link", { name: "To the overview", exact: true }).click();
    await expect(page).toHaveURL(/\/overview$/);
  });
});

test("a list that cannot be read says so, and is there again on request", async ({
  page,
  database,
  producer,
}) => {
  const { id } = await producer.send();
  await database.query("ALTER TABLE message RENAME TO message_away");
  try {
    await page.goto("/messages");
    await expect(page.getByRole("alert").filter({ hasText: "This cannot be shown" })).toBeVisible();
  } finally {
    await database.query("ALTER TABLE message_away RENAME TO message");
  }
  const again = page.getByRole("button", { name: "Try again" });
  // What comes in meanwhile may have the list read again before the button is pressed.
  await expect(async () => {
    if (await again.isVisible()) await again.click({ timeout: 1000 });
    await expect(page.getByRole("row").filter({ hasText: id })).toBeVisible({ timeout: 1000 });
  }).toPass();
  await expect(page.getByRole("alert").filter({ hasText: "cannot be shown" })).toBeHidden();
});

test("a page that cannot be rendered at all says so, and is there again on request", async ({
  page,
  database,
}, testInfo) => {
  await database.query("ALTER TABLE auth_session RENAME TO auth_session_away");
  try {
    await page.goto("/messages");
    await expect(page.getByRole("heading", { name: "This page cannot be shown" })).toBeVisible();
    await page.screenshot({ path: testInfo.outputPath("error.png") });
  } finally {
    await database.query("ALTER TABLE auth_session_away RENAME TO auth_session");
  }
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("heading", { name: "Messages", exact: true })).toBeVisible();
});
