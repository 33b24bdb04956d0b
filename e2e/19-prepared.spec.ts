import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { CheckTarget } from "./support/check-target.ts";
import { expect, test } from "./support/fixtures.ts";
import {
  SILENT,
  UNKNOWN,
  clearWaiting,
  declareApp,
  leaveWaiting,
  openBreakerOf,
} from "./support/leave-waiting.ts";
import { untilState } from "./support/until-state.ts";

const target = new CheckTarget();
let checkUrl: string;
let app: string;

test.beforeAll(async () => {
  checkUrl = await target.start();
});

test.beforeEach(() => {
  app = `desk-${randomUUID().slice(0, 8)}`;
});

test.afterEach(async ({ stack }) => {
  await clearWaiting(stack.databaseUrl, app);
});

test.afterAll(() => target.stop());

const row = (page: Page, id: string) => page.locator(`tr[data-key="${id}"]`);

test("a producer that does not know: what it answered is shown, and it is asked again until it does", async ({
  page,
  stack,
  database,
}) => {
  await declareApp(database, { name: app, checkUrl, maxAttempts: 1 });
  target.answer = "unknown";
  const [id] = (await leaveWaiting(stack.databaseUrl, { app, count: 1, dueIn: 0 })) as [string];
  await page.goto(`/prepared?show=undecided&app=${app}`);
  await expect(row(page, id)).toContainText("Does not know");
  await expect(row(page, id)).toContainText("1 of 1");

  await row(page, id).getByRole("button", { name: /Peek/ }).click();
  const panel = page.locator("dialog", { hasText: id });
  await panel.getByRole("button", { name: "Request and response of check-back 1" }).click();
  await expect(panel.getByLabel("Request", { exact: true })).toContainText(`"messageId": "${id}"`);
  await expect(panel.getByLabel("Response", { exact: true })).toContainText('{"outcome":"unknown"}');
  await page.keyboard.press("Escape");

  target.answer = "committed";
  await row(page, id).getByRole("checkbox").check();
  await page.getByRole("button", { name: "Ask about it…" }).click();
  const dialog = page.getByRole("dialog", { name: "Ask the producer" });
  await expect(dialog).toContainText("The producer is asked at once what became of this message.");
  await dialog.getByLabel("Reason").fill("the desk has its database back");
  await dialog.getByRole("button", { name: "Ask now" }).click();
  await expect(page.getByText("Asked about 1 message.")).toBeVisible();
  await untilState(database, id, "SENT");

  await page.goto(`/messages/${id}`);
  const axis = page.getByRole("region", { name: "What happened" });
  await expect(axis).toContainText("admin had the producer asked again");
  await expect(axis).toContainText("the desk has its database back");
  await expect(axis).toContainText("Confirmed by check-back");
  const { rows } = await database.query("SELECT action, reason FROM audit_log WHERE target_id = $1", [id]);
  expect(rows).toEqual([{ action: "message.ask_again", reason: "the desk has its database back" }]);
});

test("all that match the filter are asked about, and how many is said before", async ({
  page,
  stack,
  database,
}) => {
  await declareApp(database, { name: app, checkUrl, maxAttempts: 1 });
  target.answer = "rolled_back";
  const ids = await leaveWaiting(stack.databaseUrl, { app, count: 7, answers: [UNKNOWN], undecided: true });
  await page.goto(`/prepared?app=${app}`);
  await expect(page.getByRole("heading", { name: "Nothing waits for its producer" })).toBeVisible();
  await page.locator("fieldset label", { hasText: "Undecided" }).click();
  await expect(page).toHaveURL(/show=undecided/);
  await expect(page.locator("tbody tr")).toHaveCount(7);
  await page.getByRole("button", { name: "Ask again about all 7…" }).click();
  const dialog = page.getByRole("dialog", { name: "Ask the producers" });
  await expect(dialog).toContainText(`The producers of all 7 undecided messages of ${app}`);
  await expect(dialog).toContainText("This concerns 7 items.");
  await dialog.getByLabel("Reason").fill("the desk was restored from a backup");
  await dialog.getByRole("button", { name: "Ask about 7 messages" }).click();
  await expect(page.getByText("Asked about 7 messages.")).toBeVisible();
  for (const id of ids) await untilState(database, id, "CANCELLED");
  await expect(page.getByRole("heading", { name: "Nothing is undecided" })).toBeVisible();
});

test("who decides in the producer's place reads first what it answered last", async ({
  page,
  stack,
  database,
}) => {
  await declareApp(database, { name: app, checkUrl: null });
  const [id] = (await leaveWaiting(stack.databaseUrl, {
    app,
    count: 1,
    answers: [SILENT, UNKNOWN],
    undecided: true,
  })) as [string];
  await page.goto(`/messages/${id}`);
  await page.getByRole("button", { name: "Confirm…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText(`What ${app} answered, newest first:`);
  await expect(dialog.getByRole("listitem")).toHaveText([/Does not know/, /No answer in time/]);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Ask again…" }).click();
  await expect(page.getByRole("dialog")).toContainText(`No check address is declared for ${app}`);
});

test("an app that cannot be reached: the overview leads to it, and it is asked again at once", async ({
  page,
  stack,
  database,
}) => {
  await declareApp(database, { name: app, checkUrl, maxAttempts: 3 });
  target.answer = "committed";
  await openBreakerOf(database, app);
  const [id] = (await leaveWaiting(stack.databaseUrl, { app, count: 1, dueIn: -60 })) as [string];
  await page.goto("/overview");
  const problem = page.locator("[data-problem=app_unreachable]", { hasText: app });
  await expect(problem).toContainText("connect ECONNREFUSED");
  await problem.getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1, name: app })).toBeVisible();
  const section = page.getByRole("region", { name: "Status confirmation" });
  await expect(section).toContainText("Not reachable");
  await section.getByRole("button", { name: "Ask again…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Ask again" }).click();
  await expect(page.getByText(`${app} is asked again.`)).toBeVisible();
  await untilState(database, id, "SENT");
  await expect(section).not.toContainText("Not reachable");
});

test("the check address is tried: request and response are shown, and a refusal says what to do", async ({
  page,
  database,
}) => {
  await declareApp(database, { name: app, checkUrl });
  target.answer = "rolled_back";
  await page.goto(`/apps/${app}`);
  await page.getByRole("button", { name: "Try the check address" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("It works")).toBeVisible();
  await expect(dialog.getByLabel("Request", { exact: true })).toContainText(`POST ${checkUrl}`);
  await expect(dialog.getByLabel("Response", { exact: true })).toContainText("HTTP 200");
  target.answer = 401;
  await dialog.getByRole("button", { name: "Try again" }).click();
  await expect(dialog.getByText("It refuses the signature")).toBeVisible();
  await expect(dialog.getByLabel("Response", { exact: true })).toContainText("no valid signature");
});

test("the signing secret is shown on request, with a reason, and replaced", async ({ page, database }) => {
  await declareApp(database, { name: app, checkUrl });
  await page.goto(`/apps/${app}`);
  const dialog = page.getByRole("dialog");
  const secret = dialog.getByLabel("Signing secret", { exact: true });
  await page.getByRole("button", { name: "Show…" }).click();
  await dialog.getByLabel("Reason").fill("configuring a new host");
  await dialog.getByRole("button", { name: "Show it" }).click();
  await expect(secret).toHaveText(/^whsec_[A-Za-z0-9+/=]{40,}$/);
  const first = await secret.textContent();
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await expect(dialog).toBeHidden();
  await page.getByRole("button", { name: "Replace…" }).click();
  await dialog.getByLabel("Reason").fill("a laptop was stolen");
  await dialog.getByRole("button", { name: "Replace it" }).click();
  await expect(dialog).toContainText("Version 2.");
  expect(await secret.textContent()).not.toBe(first);
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await expect(dialog).toBeHidden();
  await page.getByRole("button", { name: "Replace…" }).click();
  await dialog.getByLabel("Reason").fill("and its backup, too");
  await dialog.getByRole("button", { name: "Replace it" }).click();
  await expect(dialog).toContainText("Version 3.");
  const { rows } = await database.query(
    "SELECT action, reason FROM audit_log WHERE target_id = $1 ORDER BY id",
    [app],
  );
  expect(rows).toEqual([
    { action: "app.show_secret", reason: "configuring a new host" },
    { action: "app.rotate_secret", reason: "a laptop was stolen" },
    { action: "app.rotate_secret", reason: "and its backup, too" },
  ]);
});

test("a list that stands still shows where its rows are by now", async ({ page, stack, database }) => {
  await declareApp(database, { name: app, checkUrl: null });
  const [first, second] = (await leaveWaiting(stack.databaseUrl, { app, count: 2, dueIn: 600 })) as [
    string,
    string,
  ];
  await page.goto(`/prepared?app=${app}`);
  await row(page, first).getByRole("checkbox").check();
  await clearWaiting(stack.databaseUrl, app);
  await expect(row(page, second)).toContainText("Cancelled");
  await expect(row(page, first)).toContainText("Cancelled");
});
