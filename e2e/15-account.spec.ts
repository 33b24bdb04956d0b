import { type Browser, type Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import type { Stack } from "./support/stack.ts";

const NEW_PASSWORD = "tide over the old pier";

async function signIn(page: Page, username: string, password: string): Promise<void> {
  await page.goto("/login");
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** A browser of its own, signed in nowhere. */
async function freshPage(browser: Browser, stack: Stack, userAgent?: string): Promise<Page> {
  const context = await browser.newContext({
    baseURL: stack.consoleUrl,
    locale: "en-US",
    userAgent,
    storageState: { cookies: [], origins: [] },
  });
  return context.newPage();
}

/** Adds an operator in the console. @returns the password that is shown once */
async function addOperator(page: Page, username: string, role: string): Promise<string> {
  await page.goto("/operators");
  await page.getByRole("button", { name: "Add operator" }).click();
  const dialog = page.getByRole("dialog", { name: "Add an operator" });
  await dialog.getByLabel("Username").fill(username);
  await dialog.getByRole("radio", { name: role }).check();
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  const shown = page.getByRole("dialog", { name: `Password of ${username}` });
  const password = await shown.locator("[data-password]").innerText();
  await page.keyboard.press("Escape");
  await expect(shown).toBeVisible();
  await shown.getByRole("button", { name: "I have it" }).click();
  return password;
}

test.describe("an operator's life", () => {
  test.use({ expectedErrors: /40[13]/ });
  test.setTimeout(240_000);

  test("added, works, gets another role, is suspended; open tabs know at once", async ({
    page,
    browser,
    stack,
    database,
  }) => {
    const name = `e2e-${Date.now().toString(36)}`;
    const temporary = await addOperator(page, name, "Viewer");

    const theirs = await freshPage(browser, stack);
    await signIn(theirs, name, temporary);
    await expect(theirs.getByRole("heading", { name: "Choose your own password" })).toBeVisible({
      timeout: 60_000,
    });
    await theirs.goto("/operators");
    await expect(theirs).toHaveURL(/change-password/);
    await theirs.getByLabel("Present password").fill(temporary);
    await theirs.getByLabel("New password", { exact: true }).fill("Password2026!");
    await theirs.getByLabel("New password again").fill("Password2026!");
    await theirs.getByRole("button", { name: "Set the password" }).click();
    await expect(theirs.getByText("This is one of the commonest passwords.")).toBeVisible();
    await theirs.getByLabel("New password", { exact: true }).fill(NEW_PASSWORD);
    await theirs.getByLabel("New password again").fill(NEW_PASSWORD);
    await theirs.getByRole("button", { name: "Set the password" }).click();
    await expect(theirs).toHaveURL(/\/overview/, { timeout: 60_000 });
    await theirs.goto("/operators");
    await expect(theirs.getByRole("heading", { name: "Your role may not see this" })).toBeVisible();

    await page.goto(`/operators?q=${name}`);
    await page.getByRole("cell", { name }).first().waitFor();
    const { rows } = await database.query<{ id: string }>("SELECT id FROM auth_user WHERE username = $1", [
      name,
    ]);
    const { id } = rows[0]!;
    await page.goto(`/operators?peek=${id}`);
    await page.getByRole("button", { name: "Change role" }).click();
    const dialog = page.getByRole("dialog", { name: `Change the role of ${name}` });
    await dialog.getByRole("radio", { name: "Admin" }).check();
    await dialog.getByRole("button", { name: "Change role" }).click();
    await expect(dialog.getByText(/At least 3 characters/)).toBeVisible();
    await dialog.getByLabel("Reason").fill("Takes over the platform");
    await dialog.getByRole("button", { name: "Change role" }).click();
    await expect(page.getByText(`${name} has the role Admin now.`)).toBeVisible();
    await theirs.goto("/operators");
    await expect(theirs.getByRole("heading", { name: "Operators", exact: true })).toBeVisible();

    await page.getByRole("button", { name: "Suspend" }).click();
    const suspending = page.getByRole("dialog", { name: `Suspend ${name}` });
    await suspending.getByLabel("Reason").fill("Left the company");
    await suspending.getByRole("button", { name: "Suspend" }).click();
    await expect(page.getByText(`${name} is suspended.`)).toBeVisible();
    // Nobody touches the other browser: its live stream ends, and the page leaves by itself.
    await expect(theirs.getByText("Your session has ended. Sign in again.")).toBeVisible({ timeout: 60_000 });
    await signIn(theirs, name, NEW_PASSWORD);
    await expect(theirs.getByText("This account is suspended. Ask an admin.")).toBeVisible();
    await theirs.context().close();

    await page.getByRole("link", { name: "In the audit log" }).click();
    for (const line of [
      "Suspended an operator",
      "Changed a role",
      "Changed the own password",
      "Added an operator",
    ])
      await expect(page.getByRole("cell", { name: line }).first()).toBeVisible();
    await database.query("DELETE FROM auth_user WHERE id = $1", [id]);
  });
});

test("an admin cannot do away with the own account, and is told why", async ({ page, database }) => {
  const { rows } = await database.query<{ id: string }>("SELECT id FROM auth_user WHERE username = 'admin'");
  await page.goto(`/operators?peek=${rows[0]!.id}`);
  const suspend = page.getByRole("button", { name: "Suspend" });
  await expect(suspend).toHaveAttribute("aria-disabled", "true");
  await expect(async () => {
    await page.mouse.move(0, 0); // the page may not have listened to the first time
    await suspend.hover();
    await expect(page.getByText("This is your own account. Another admin has to do that.")).toBeVisible({
      timeout: 1000,
    });
  }).toPass();
});

test.describe("one's own sessions", () => {
  test.use({ expectedErrors: /401/ });

  test("are listed with their browsers and ended one by one", async ({ page, browser, stack }) => {
    const agent = "Mozilla/5.0 (X11; Linux x86_64; rv:87.0) Gecko/20100101 Firefox/87.0";
    const elsewhere = await freshPage(browser, stack, agent);
    await signIn(elsewhere, stack.admin.username, stack.admin.password);
    await expect(elsewhere).toHaveURL(/\/overview/, { timeout: 60_000 });
    await page.goto("/account");
    await expect(page.getByText("This browser", { exact: true })).toBeVisible();
    const theirs = page.getByRole("button", { name: /^End the session of Firefox 87 on Linux/ });
    await theirs.click();
    await expect(theirs).toHaveCount(0);
    // The open tab leaves by itself.
    await expect(elsewhere).toHaveURL(/\/login/);
    await elsewhere.context().close();
  });
});

test("permissions are told role by role, the own one marked", async ({ page }) => {
  await page.goto("/account/permissions");
  await expect(page.getByRole("columnheader", { name: "Admin (you)" })).toBeVisible();
  const row = page.getByRole("row", { name: /^Decide prepared messages/ });
  await expect(row.getByRole("cell")).toHaveText(["Not allowed", "Allowed", "Allowed"]);
});
