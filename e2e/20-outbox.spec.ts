import { randomUUID } from "node:crypto";
import { BusinessTable } from "./support/business-table.ts";
import { expect, test } from "./support/fixtures.ts";
import { untilState } from "./support/until-state.ts";

let source: string;

test.beforeEach(() => {
  source = `shop-${randomUUID().slice(0, 8)}`;
});

test.afterEach(async ({ database }) => {
  await database.query("DELETE FROM outbox_source WHERE name = $1", [source]);
});

test("a table of a business database is declared, tried, and its rows become messages", async ({
  page,
  stack,
  database,
}) => {
  const table = new BusinessTable(stack);
  await page.goto("/outbox");
  await page.locator("[data-action=create-source]").first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Name", exact: true }).fill(source);
  await dialog.getByRole("combobox", { name: "App" }).click();
  await page.getByRole("option", { name: "orders", exact: true }).click();
  await dialog.getByLabel("Variable of its address").fill("SURELAY_SOURCE_SHOP");
  await dialog.getByLabel("Table", { exact: true }).fill(table.name);
  await expect(dialog.getByLabel("The table", { exact: true })).toContainText("CREATE TABLE surelay_outbox");

  const tryIt = dialog.getByRole("button", { name: "Try the connection" });
  await tryIt.click();
  await expect(dialog.locator("[data-test=no_table]")).toContainText("The table does not exist.");
  await table.create();
  await tryIt.click();
  await expect(dialog.locator("[data-test=ok]")).toContainText("Rows waiting: 0.");

  await dialog.getByRole("button", { name: "New source" }).click();
  await expect(page.getByRole("heading", { level: 1, name: source })).toBeVisible();
  const [id] = (await table.enqueue([{ topic: "orders.created", key: "c-1" }])) as [string];
  await untilState(database, id, "SENT");
  await expect.poll(() => table.count()).toBe(0);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Up to date");
  await expect(page.getByRole("region", { name: "Just now" })).toContainText("In all1");
});

test("a source is paused with a reason, resumed, changed, and removed", async ({ page, stack, database }) => {
  const table = new BusinessTable(stack);
  await table.create();
  await database.query(
    `WITH made AS (
       INSERT INTO outbox_source (name, app_id, kind, connection, table_name)
       SELECT $1, id, 'postgresql', 'SURELAY_SOURCE_SHOP', $2 FROM app WHERE name = 'orders' RETURNING id)
     INSERT INTO outbox_progress (source_id) SELECT id FROM made`,
    [source, table.name],
  );
  await database.query("SELECT pg_notify('surelay_collect', '')");
  await page.goto(`/outbox/${source}`);
  const heading = page.getByRole("heading", { level: 1 });
  const dialog = page.getByRole("dialog");
  await page.getByRole("button", { name: "Pause" }).click();
  await dialog.getByLabel("Reason").fill("the consumer doubles refunds");
  await dialog.getByRole("button", { name: "Pause" }).click();
  await expect(heading).toContainText("Paused");
  await expect(page.getByRole("note")).toContainText("the consumer doubles refunds");

  const [id] = (await table.enqueue([{ topic: "orders.created" }])) as [string];
  await page.getByRole("button", { name: "Resume" }).click();
  await dialog.getByLabel("Reason").fill("the consumer was mended");
  await dialog.getByRole("button", { name: "Resume" }).click();
  await untilState(database, id, "SENT");

  await page.getByRole("button", { name: "Edit" }).click();
  await dialog.getByLabel("Variable of its address").fill("SURELAY_SOURCE_ELSEWHERE");
  await expect(dialog.locator("ins")).toHaveText("SURELAY_SOURCE_ELSEWHERE");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText(`Source ${source} is changed.`)).toBeVisible();
  await expect(page.getByRole("note")).toContainText("The variable is not set in this process.");

  await page.goto("/overview");
  const problem = page.locator("[data-problem=source_fault]", { hasText: source });
  await problem.getByRole("link").click();
  await expect(heading).toContainText(source);

  await page.getByRole("button", { name: "Remove…" }).click();
  await dialog.getByLabel("Reason").fill("the service was shut down");
  await dialog.getByRole("button", { name: "Remove it" }).click();
  await expect(page).toHaveURL(/\/outbox$/);
  const { rows } = await database.query<{ action: string }>(
    "SELECT action FROM audit_log WHERE target_id = $1 ORDER BY id",
    [source],
  );
  expect(rows.map(({ action }) => action)).toEqual([
    "outbox_source.pause",
    "outbox_source.resume",
    "outbox_source.change",
    "outbox_source.remove",
  ]);
});

test("rows that cannot become messages are shown with the reason, tried again, and discarded", async ({
  page,
  stack,
  database,
}) => {
  const table = new BusinessTable(stack);
  await table.create();
  await database.query(
    `WITH made AS (
       INSERT INTO outbox_source (name, app_id, kind, connection, table_name)
       SELECT $1, id, 'postgresql', 'SURELAY_SOURCE_SHOP', $2 FROM app WHERE name = 'orders' RETURNING id)
     INSERT INTO outbox_progress (source_id) SELECT id FROM made`,
    [source, table.name],
  );
  await table.enqueue([{ topic: "no.such.topic", key: "c-9" }]);
  await database.query("SELECT pg_notify('surelay_collect', '')");
  await page.goto(`/outbox/${source}`);
  const rows = page.getByRole("region", { name: "Refused rows" });
  await expect(rows).toContainText("no.such.topic");
  const dialog = page.getByRole("dialog");
  await rows.getByRole("button", { name: "Discard…" }).click();
  await expect(dialog).toContainText("Consumers never learn of what it says");
  await dialog.getByLabel("Reason").fill("written by a test by mistake");
  await dialog.getByRole("button", { name: "Discard it" }).click();
  await expect(rows).toContainText("Every row became a message.");
  await expect.poll(() => table.count()).toBe(0);
});
