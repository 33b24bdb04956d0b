import { randomUUID } from "node:crypto";
import type pg from "pg";
import { expect, test } from "./support/fixtures.ts";
import {
  CARRIER_AWAY,
  PARCELS,
  TRACKING,
  clearParcels,
  leaveParcels,
  untilDelivered,
} from "./support/parcels.ts";

const PAGE = `/subscriptions/${PARCELS}/${TRACKING}`;
let name: string;

test.beforeEach(() => {
  name = `depot-${randomUUID().slice(0, 8)}`;
});

test.afterEach(async ({ stack, database }) => {
  await clearParcels({ stack, database });
  await database.query("UPDATE subscription SET removed_at = now() WHERE name = $1 AND removed_at IS NULL", [
    name,
  ]);
});

async function unpause(database: pg.Client): Promise<void> {
  await database.query(
    "UPDATE subscription SET paused_at = NULL, paused_by = NULL, pause_reason = NULL WHERE name = $1",
    [TRACKING],
  );
}

test("a subscription is declared with its schedule drawn, changed, and removed", async ({
  page,
  database,
}) => {
  await page.goto("/subscriptions");
  await page.getByRole("button", { name: "New subscription" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox", { name: "Topic" }).fill("invoices");
  await page.getByRole("option", { name: "invoices.issued" }).click();
  await dialog.getByRole("textbox", { name: "Name" }).fill(name);
  const picture = dialog.locator("figure");
  await expect(picture).toContainText("8 attempts: the second 1 s after the first");
  await dialog.getByRole("textbox", { name: "Attempts", exact: true }).fill("3");
  await expect(picture).toContainText("3 attempts");
  await dialog.getByText("Step by step").click();
  await dialog.getByLabel("Delays one by one").fill("5s, 1min");
  await expect(picture).toContainText("the second 5 s after the first, the last 1 min after the one before");
  await dialog.getByLabel("Dead-letter topic").check();
  await dialog.getByRole("button", { name: "New subscription" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(name);
  await expect(page.getByText(`invoices.issued.${name}.dlq`).first()).toBeVisible();
  const { rows } = await database.query("SELECT kind FROM topic WHERE name LIKE $1 ORDER BY kind", [
    `invoices.issued.${name}.%`,
  ]);
  expect(rows).toEqual([{ kind: "dead_letter" }, { kind: "retry" }]);

  await page.getByRole("button", { name: "Edit", exact: true }).click();
  await dialog.getByRole("textbox", { name: "Attempts", exact: true }).fill("5");
  await expect(dialog.locator("ins")).toHaveText("5");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.locator("main figure")).toContainText("5 attempts");

  await page.getByRole("button", { name: "Remove…" }).click();
  await dialog.getByLabel("Reason").fill("the depot is closed");
  await dialog.getByRole("button", { name: "Remove it" }).click();
  await expect(page).toHaveURL("/subscriptions");
  await expect(page.getByRole("row", { name: new RegExp(name) })).toBeHidden();
});

test("from a throttled subscription on the overview to its release", async ({ page, stack, database }) => {
  const tools = { stack, database };
  await leaveParcels(tools, 2, CARRIER_AWAY);
  await database.query(
    `INSERT INTO subscription_valve (subscription_id, state, since, probe_at, last_error)
     SELECT id, 'throttled', now() - interval '4 minutes', now() + interval '1 hour', 'CarrierUnavailable: 503' FROM subscription WHERE name = $1
     ON CONFLICT (subscription_id) DO UPDATE SET state = 'throttled', since = excluded.since, probe_at = excluded.probe_at,
       last_error = excluded.last_error, version = subscription_valve.version + 1`,
    [TRACKING],
  );
  await page.goto("/overview");
  const problem = page.locator("[data-problem=subscription_throttled]", { hasText: TRACKING });
  await expect(problem).toContainText("2 messages");
  await expect(problem).toContainText("CarrierUnavailable: 503");
  await problem.getByRole("link").click();
  await expect(page).toHaveURL(PAGE);
  await page.getByRole("button", { name: "Let it go on now" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("the carrier is back");
  await dialog.getByRole("button", { name: "Let it go on now" }).click();
  await expect(page.getByText(`Redelivery of ${TRACKING} goes on.`)).toBeVisible();
  await expect(page.getByText("Throttled for")).toBeHidden();
});

test("a paused subscription holds what is to be retried, and gives it out when it is resumed", async ({
  page,
  stack,
  database,
}) => {
  const tools = { stack, database };
  const ids = await leaveParcels(tools, 3, CARRIER_AWAY);
  await page.goto(PAGE);
  await page.getByRole("button", { name: "Pause" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("the carrier is down");
  await dialog.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByRole("note").filter({ hasText: "the carrier is down" })).toBeVisible();
  await page.goto(`/dead-letters?state=WAITING&subscription=${PARCELS}/${TRACKING}`);
  await page.getByRole("button", { name: "Retry all 3 now…" }).click();
  await dialog.getByLabel("Reason").fill("as soon as it goes on");
  await dialog.getByRole("button", { name: "Retry all now" }).click();
  await expect(page.getByText("3 deliveries are retried at once.")).toBeVisible();
  await expect(page.getByText("held: paused").first()).toBeVisible();
  try {
    await page.goto(PAGE);
    await page.getByRole("button", { name: "Resume" }).click();
    await expect(dialog).toContainText("3 deliveries go out again");
    await dialog.getByLabel("Reason").fill("the carrier is back");
    await dialog.getByRole("button", { name: "Resume" }).click();
    await untilDelivered(tools, ids, "PENDING");
  } finally {
    await unpause(database);
  }
});

test("a webhook is tried: both ends are shown; its secret is shown on request and replaced", async ({
  page,
  database,
}) => {
  await database.query(
    `INSERT INTO subscription (topic_id, name, ack, group_id, webhook_url, paused_at, paused_by)
     SELECT id, $1, 'webhook', $1, 'http://127.0.0.1:9/hook', now(), 'admin' FROM topic WHERE name = 'salaries.paid'`,
    [name],
  );
  await page.goto(`/subscriptions/salaries.paid/${name}`);
  await page.getByRole("button", { name: "Send a test call" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("It did not acknowledge it")).toBeVisible();
  await expect(dialog.getByLabel("Request", { exact: true })).toContainText("POST http://127.0.0.1:9/hook");
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await page.getByRole("button", { name: "Show…" }).click();
  await dialog.getByLabel("Reason").fill("configuring the receiver");
  await dialog.getByRole("button", { name: "Show it" }).click();
  const secret = dialog.getByLabel("Signing secret", { exact: true });
  await expect(secret).toHaveText(/^whsec_/);
  const first = await secret.textContent();
  await dialog.getByRole("button", { name: "Close" }).last().click();
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
});
