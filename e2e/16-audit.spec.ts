import { readFileSync } from "node:fs";
import { expect, test } from "./support/fixtures.ts";

/** Lines of somebody whom no other test knows, so that counts hold beside other traffic. */
async function writeLines(
  database: { query: (text: string, values: unknown[]) => Promise<unknown> },
  actor: string,
  count: number,
): Promise<void> {
  await database.query(
    `INSERT INTO audit_log (actor_name, action, target_kind, target_id, before, after, reason, ip)
     SELECT $1, CASE n % 2 WHEN 0 THEN 'topic.pause' ELSE 'topic.resume' END, 'topic', 'orders.created',
            jsonb_build_object('paused', n % 2 = 1), jsonb_build_object('paused', n % 2 = 0),
            CASE n WHEN 7 THEN '=cmd|needle' ELSE 'line ' || n END, '198.51.100.24'
     FROM generate_series(1, $2::int) AS n`,
    [actor, count],
  );
}

test("the log is narrowed, paged, looked into and taken away as a file", async ({ page, database }) => {
  const actor = `audited-${Date.now().toString(36)}`;
  await writeLines(database, actor, 60);
  const rows = page.locator("main tbody tr");

  await page.goto("/audit");
  await page.getByRole("combobox", { name: "Who" }).click();
  await page.getByRole("combobox", { name: "Who" }).fill(actor);
  await page.getByRole("option", { name: actor }).click();
  await expect(page).toHaveURL(new RegExp(`who=${actor}`));
  await expect(rows).toHaveCount(50);
  await page.getByRole("button", { name: "Older" }).click();
  await expect(rows).toHaveCount(10);
  await expect(page.getByText("This is all.")).toBeVisible();

  await page.goto(`/audit?who=${actor}&action=topic.pause`);
  await expect(rows).toHaveCount(30);
  await page.getByRole("textbox", { name: "Text" }).fill("NEEDLE");
  await expect(page.getByText("Nothing matches")).toBeVisible();
  await page.goto(`/audit?who=${actor}&q=NEEDLE`);
  await expect(rows).toHaveCount(1);

  await page.keyboard.press("j");
  await page.keyboard.press("p");
  const peek = page.getByRole("dialog");
  await expect(peek.getByRole("row", { name: /paused/ })).toBeVisible();
  await expect(peek.getByText("=cmd|needle")).toBeVisible();
  await expect(peek.getByRole("link", { name: "orders.created" })).toHaveAttribute(
    "href",
    "/topics/orders.created",
  );
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Export" }).click();
  const [csv] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: /^CSV/ }).click(),
  ]);
  const text = readFileSync(await csv.path(), "utf8");
  expect(text.trimEnd().split("\r\n")).toHaveLength(2);
  expect(text).toContain(`"'=cmd|needle"`);
  await page.goto("/audit?action=audit.export");
  await expect(page.getByRole("cell", { name: "Exported the audit log" }).first()).toBeVisible();
});

test("a text filter keeps the caret and what is typed while the list follows", async ({ page, database }) => {
  const actor = `audited-${Date.now().toString(36)}`;
  await writeLines(database, actor, 60);
  await page.goto(`/audit?who=${actor}`);
  const text = page.getByRole("textbox", { name: "Text" });
  await text.click();
  await page.keyboard.type("nee");
  await expect(page).toHaveURL(/q=nee(&|$)/);
  await expect(page.locator("main tbody tr")).toHaveCount(1);
  // As a person types on after a pause: into whatever has the focus.
  await page.keyboard.type("dle");
  await expect(page).toHaveURL(/q=needle(&|$)/);
  await expect(text).toBeFocused();
  await expect(text).toHaveValue("needle");
  await page.getByRole("textbox", { name: "On what" }).click();
  await page.keyboard.type("orders");
  await expect(page).toHaveURL(/target=orders(&|$)/);
  await page.keyboard.type(".created");
  await expect(page).toHaveURL(/target=orders\.created(&|$)/);

  await page.goBack();
  await expect(page.getByRole("textbox", { name: "On what" })).toHaveValue("orders");
  await page.goBack();
  await expect(page.getByRole("textbox", { name: "On what" })).toHaveValue("");
  await expect(text).toHaveValue("needle");
  await page.goBack();
  await expect(text).toHaveValue("nee");
});

test("the file is for those who may read the log, and not for other sites", async ({
  page,
  playwright,
  stack,
}) => {
  const url = `${stack.consoleUrl}/api/audit/export?format=jsonl&actor=nobody`;
  const stranger = await playwright.request.newContext({ storageState: { cookies: [], origins: [] } });
  expect((await stranger.get(url)).status()).toBe(401);
  await stranger.dispose();
  expect((await page.request.get(url, { headers: { "sec-fetch-site": "cross-site" } })).status()).toBe(403);
  expect((await page.request.get(url.replace("jsonl", "xml"))).status()).toBe(400);
  const answer = await page.request.get(url);
  expect(answer.status()).toBe(200);
  expect(answer.headers()["content-disposition"]).toMatch(/attachment; filename="surelay-audit-.*\.jsonl"/);
});
