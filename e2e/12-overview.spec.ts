import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import type pg from "pg";
import { expect, test } from "./support/fixtures.ts";
import type { Producer } from "./support/producer.ts";

/** Past its check time, as if the producer had said nothing for long. */
const passCheckTime = (database: pg.Client, id: string) =>
  database.query("UPDATE message_state SET check_at = now() - interval '10 minutes' WHERE id = $1", [id]);

/** What other tests left prepared would be counted with what this one prepares. */
async function cancelLeftovers(database: pg.Client, producer: Producer): Promise<void> {
  const { rows } = await database.query<{ id: string }>(
    "SELECT s.id FROM message_state s JOIN app ON app.id = s.app_id WHERE app.name = 'billing' AND s.state = 'PREPARED'",
  );
  for (const { id } of rows) await producer.cancel(id, "billing");
}

/** The overview with every problem shown, of however many tests before. */
async function openOverview(page: Page): Promise<void> {
  await page.goto("/overview");
  await page.locator("[data-verdict]").filter({ visible: true }).waitFor();
  const more = page.getByRole("button", { name: /^Show \d+ more$/ });
  if (await more.isVisible()) await more.click();
}

test("names the producer that does not decide, leads to its messages, and lets go once it has", async ({
  page,
  producer,
  database,
}) => {
  await cancelLeftovers(database, producer);
  const { id } = await producer.prepare({ topic: "invoices.issued" }, "billing");
  await passCheckTime(database, id);
  await openOverview(page);
  await expect(page.getByRole("heading", { level: 2, name: /somebody to act/ })).toBeVisible();
  const problem = page.locator("[data-problem=prepared_overdue]", { hasText: "billing" });
  await expect(problem).toContainText("has not said what became of its messages");
  await expect(problem).toContainText("1 message");
  await expect(problem).toContainText("for 10 min");
  await expect(problem).toContainText("Turn of app billing");

  await problem.getByRole("link").click();
  await expect(page).toHaveURL(/\/prepared\?show=overdue&app=billing/);
  await expect(page.getByRole("link", { name: id })).toBeVisible();
  await openOverview(page);
  await expect(problem).toBeVisible();
  await producer.confirm(id, "billing");
  await expect(problem).toBeHidden();
});

test("names a topic that Kafka lacks; mended from there its messages go out and the problem goes", async ({
  page,
  producer,
  database,
}) => {
  const topic = `bills.${randomUUID().slice(0, 8)}`;
  await database.query("INSERT INTO topic (name, partitions) VALUES ($1, 1)", [topic]);
  await producer.sendMany(3, () => ({ topic }), "billing");
  await expect
    .poll(async () => {
      const { rows } = await database.query("SELECT FROM topic WHERE name = $1 AND fault_since IS NOT NULL", [
        topic,
      ]);
      return rows.length;
    })
    .toBe(1);
  await openOverview(page);
  const problem = page.locator("[data-problem=topic_fault]", { hasText: topic });
  await expect(problem).toContainText(`Topic ${topic} does not exist in Kafka`);
  await expect(problem).toContainText("3 messages");
  await expect(problem).toContainText("Turn of the Kafka operator: create the topic");
  await expect(page.locator("[data-verdict=stopped]")).toBeVisible();

  await problem.getByRole("link").click();
  await expect(page).toHaveURL(`/topics/${topic}`);
  await page.getByRole("button", { name: "Make it in Kafka" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox").fill("missing in the broker");
  await dialog.getByRole("button", { name: "Make it in Kafka" }).click();
  await expect(dialog).toBeHidden();

  await openOverview(page);
  await expect(problem).toBeHidden({ timeout: 30_000 });
  await expect
    .poll(async () => {
      const { rows } = await database.query<{ n: number }>(
        "SELECT count(*)::int AS n FROM message_state s JOIN topic t ON t.id = s.topic_id WHERE t.name = $1 AND s.state = 'SENT'",
        [topic],
      );
      return rows[0]!.n;
    })
    .toBe(3);
  await expect(page.getByRole("row", { name: topic })).toBeVisible();
});

test("follows the traffic by itself, broken down by topic or by app", async ({ page, producer }) => {
  await page.goto("/overview");
  const prepared = page
    .getByRole("row", { name: /invoices\.issued/ })
    .getByRole("cell")
    .nth(1);
  await expect(prepared).toBeVisible();
  const before = Number(await prepared.textContent());
  const ids = await Promise.all(
    [1, 2, 3].map(() => producer.prepare({ topic: "invoices.issued" }, "billing")),
  );
  await expect(prepared).toHaveText(String(before + 3));
  for (const { id } of ids) await producer.cancel(id, "billing");
  await expect(prepared).toHaveText(String(before));
  await page.getByText("App", { exact: true }).click();
  await expect(page).toHaveURL(/by=app/);
  await expect(page.getByRole("row", { name: /billing/ })).toBeVisible();
});

test("draws the rates of an hour, a day or a week, and says them in numbers", async ({ page, database }) => {
  // What is drawn are whole minutes, and over a week whole hours, gone by.
  await database.query(
    `INSERT INTO message_flow_history (minute, state, app_id, topic_id, entered, stored)
     SELECT date_bin('1 minute', now() - past * interval '1 minute', timestamptz 'epoch'), 'READY', app.id, topic.id, 3, 3
     FROM app, topic, unnest(ARRAY[9, 180]) AS past WHERE app.name = 'orders' AND topic.name = 'orders.created'
     ON CONFLICT DO NOTHING`,
  );
  await page.goto("/overview?span=hour");
  const flow = page.getByRole("region", { name: "Flow" });
  await expect(flow.locator(".recharts-surface").first()).toBeVisible();
  await expect(flow.getByRole("list", { name: "Messages in the last hour" })).toContainText(/Stored\s*[1-9]/);
  await flow.getByText("Last 7 days").click();
  await expect(page).toHaveURL(/span=week/);
  await flow.getByRole("switch", { name: "As a table" }).check();
  await expect(flow.getByRole("columnheader", { name: "Cancelled" })).toBeVisible();
  await expect(flow.getByRole("row")).toHaveCount(168);
});

test("every step leads to the messages that stand in it", async ({ page }) => {
  await page.goto("/overview");
  await page.locator("[data-step=READY] a").first().click();
  await expect(page).toHaveURL(/\/messages\?state=READY/);
  await page.goBack();
  await page.locator("[data-exit=rejected]").click();
  await expect(page).toHaveURL(/\/messages\?state=REJECTED/);
});
