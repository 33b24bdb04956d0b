import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";

test.use({ storageState: { cookies: [], origins: [] } });

async function fill(page: Page, username: string, password: string) {
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

test.describe("with a wrong password", () => {
  test.use({ expectedErrors: /401/ });

  test("says so and stays, then lets the right one in", async ({ page, stack }) => {
    await page.goto("/login");
    await fill(page, stack.admin.username, "not the password");
    await expect(page.getByText("Username or password is not right.")).toBeVisible();
    await fill(page, stack.admin.username, stack.admin.password);
    await expect(page.getByRole("heading", { name: "Overview", exact: true })).toBeVisible();
  });
});

test.describe("there and back", () => {
  test.use({ expectedErrors: /401/ }); // a live query may be under way when the session ends

  test("leads from a page to the sign-in and back to the same page", async ({ page, stack }) => {
    await page.goto("/messages?state=SENT");
    await expect(page).toHaveURL(/\/login\?next=/);
    await fill(page, stack.admin.username, stack.admin.password);
    await expect(page).toHaveURL("/messages?state=SENT");
    await page.getByRole("button", { name: /^Account of/ }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page).toHaveURL(/\/login$/);
    await page.goto("/messages");
    await expect(page).toHaveURL(/\/login\?next=/);
  });
});

test("goes nowhere else after signing in", async ({ page, stack }) => {
  await page.goto(`/login?next=${encodeURIComponent("//elsewhere.example/x")}`);
  await fill(page, stack.admin.username, stack.admin.password);
  await expect(page).toHaveURL("/overview");
});

test.describe("with a session that ends", () => {
  test.use({ expectedErrors: /401/ });

  test("an ended session leads to the sign-in, also from a page that is open", async ({
    page,
    stack,
    database,
  }) => {
    await page.goto("/login");
    await fill(page, stack.admin.username, stack.admin.password);
    await expect(page.getByRole("heading", { name: "Overview", exact: true })).toBeVisible();
    const cookie = (await page.context().cookies()).find((c) => c.name.endsWith("session_token"))!;
    const token = decodeURIComponent(cookie.value).split(".")[0];
    await database.query("DELETE FROM auth_session WHERE token = $1", [token]);
    await expect(page.getByText("Your session has ended. Sign in again.")).toBeVisible();
    await expect(page).toHaveURL(/next=/);
  });
});
