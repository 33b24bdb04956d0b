import type { Page } from "@playwright/test";
import type pg from "pg";
import { expect, test } from "./support/fixtures.ts";
import { refuseMessage } from "./support/refuse-message.ts";
import { signInAs } from "./support/sign-in-as.ts";

const axis = (page: Page) => page.getByRole("region", { name: "What happened" });
const stateOf = (page: Page) => page.getByRole("heading", { level: 1 });

async function audited(database: pg.Client, id: string) {
  const { rows } = await database.query(
    "SELECT action, actor_name, reason FROM audit_log WHERE target_id = $1 ORDER BY id",
    [id],
  );
  return rows;
}

test("an operator confirms in the producer's place, with a reason that stays with the message", async ({
  page,
  producer,
  database,
}) => {
  const { id } = await producer.prepare();
  await page.goto(`/messages/${id}`);
  await page.getByRole("button", { name: "Confirm…" }).click();
  const dialog = page.getByRole("dialog", { name: "Confirm in the producer’s place" });
  await expect(dialog).toContainText("The message goes into topic orders.created at once");
  await expect(dialog).toContainText("Confirm only if you have seen in its own data that it did.");
  await expect(dialog).toContainText("This cannot be undone.");

  await dialog.getByRole("button", { name: "Confirm it" }).click();
  await expect(dialog.getByText("At least 3 characters")).toBeVisible();
  await dialog.getByLabel("Reason").fill("seen paid in the orders table");
  await dialog.getByRole("button", { name: "Confirm it" }).click();

  await expect(dialog).toBeHidden();
  await expect(page.getByText("Confirmed. It is Ready now.")).toBeVisible();
  await expect(stateOf(page)).toContainText("Sent");
  await expect(axis(page)).toContainText("Confirmed by operator admin");
  await expect(axis(page)).toContainText("“seen paid in the orders table”");
  expect(await audited(database, id)).toEqual([
    { action: "message.confirm", actor_name: "admin", reason: "seen paid in the orders table" },
  ]);
  expect((await producer.confirm(id)).state).toMatch(/READY|SENT/);
});

test("an operator cancels in the producer's place; the producer is told when it confirms", async ({
  page,
  producer,
}) => {
  const { id } = await producer.prepare();
  await page.goto(`/messages/${id}`);
  await page.getByRole("button", { name: "Cancel…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("409 already_cancelled");
  await dialog.getByLabel("Reason").fill("the order was never paid");
  await dialog.getByRole("button", { name: "Cancel it for good" }).click();
  await expect(stateOf(page)).toContainText("Cancelled");
  await expect(axis(page)).toContainText("Cancelled by operator admin");
  await expect(page.getByRole("button", { name: "Send again…" })).toHaveAttribute("aria-disabled", "true");
  await expect(producer.confirm(id)).rejects.toThrow("already_cancelled");
});

test("while the dialog is open the producer decides: nothing is left to confirm", async ({
  page,
  producer,
}) => {
  const { id } = await producer.prepare();
  await page.goto(`/messages/${id}`);
  await page.getByRole("button", { name: "Cancel…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("the order was never paid");
  await producer.confirm(id);
  await expect(dialog).toContainText("The producer decided meanwhile");
  await expect(dialog.getByRole("button", { name: "Cancel it for good" })).toBeDisabled();
});

test("who is too late by a moment is told who was faster, and nothing is recorded", async ({
  page,
  producer,
  database,
}) => {
  const { id } = await producer.prepare();
  await page.goto(`/messages/${id}`);
  await page.getByRole("button", { name: "Cancel…" }).click();
  await page.getByRole("dialog").getByLabel("Reason").fill("the order was never paid");
  await page.route(/messages\.decide/, async (route) => {
    await producer.confirm(id);
    await route.continue();
  });
  await page.getByRole("button", { name: "Cancel it for good" }).click();
  const told = page.getByRole("alert").filter({ hasText: "Nothing was changed" });
  await expect(told).toContainText("The producer decided meanwhile");
  await expect(stateOf(page)).toContainText("Sent");
  expect(await audited(database, id)).toEqual([]);
  await told.getByRole("button", { name: "Close" }).click();
  await expect(told).toBeHidden();
});

test("a sent message goes into Kafka again, as the next attempt, as often as it is asked", async ({
  page,
  producer,
  database,
}) => {
  const { id } = await producer.send({ key: "customer-9" });
  await page.goto(`/messages/${id}`);
  await expect(stateOf(page)).toContainText("Sent");
  for (const attempt of [2, 3]) {
    await page.getByRole("button", { name: "Send again…" }).click();
    const dialog = page.getByRole("dialog", { name: "Send this message again" });
    await expect(dialog).toContainText(`surelay-attempt: ${attempt}`);
    await expect(dialog).toContainText("applies it twice");
    await expect(dialog).toContainText("newer messages with the key customer-9");
    await dialog.getByLabel("Reason").fill(`asked for the ${attempt} time`);
    await dialog.getByRole("button", { name: `Send attempt ${attempt}` }).click();
    await expect(axis(page)).toContainText(`In Kafka again, as attempt ${attempt}`);
    await expect(axis(page)).toContainText(`“asked for the ${attempt} time”`);
  }
  await expect(stateOf(page)).toContainText("Sent");
  const { rows } = await database.query(
    "SELECT detail->>'offset' AS offset FROM message_event WHERE message_id = $1 AND kind = 'resend_sent'",
    [id],
  );
  expect(new Set(rows.map((row) => row.offset)).size).toBe(2);
});

test("what is asked for already is shown, and cannot be asked for twice", async ({
  page,
  producer,
  database,
}) => {
  const { id } = await producer.send();
  await page.goto(`/messages/${id}`);
  await expect(stateOf(page)).toContainText("Sent");
  const lane = "(SELECT lane FROM message_state WHERE id = $1)";
  await database.query(
    `UPDATE lane SET paused_at = now(), paused_by = 'e2e', pause_reason = 'a test' WHERE lane = ${lane}`,
    [id],
  );
  await database.query("SELECT pg_notify('surelay_ready', 'control')"); // as a pause by an operator does
  try {
    const again = page.getByRole("button", { name: "Send again…" });
    await again.click();
    await page.getByRole("dialog").getByLabel("Reason").fill("while the lane stands still");
    await page.getByRole("button", { name: "Send attempt 2" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "Attempt 2 is asked for" })).toContainText(
      "admin",
    );
    await expect(page.getByText(/Lane \d+ is paused by an operator/)).toBeVisible();
    await expect(again).toHaveAttribute("aria-disabled", "true");
    await again.hover();
    await expect(page.getByRole("tooltip")).toContainText("Attempt 2 is asked for already");
  } finally {
    await database.query(
      `UPDATE lane SET paused_at = NULL, paused_by = NULL, pause_reason = NULL WHERE lane = ${lane}`,
      [id],
    );
  }
  await expect(axis(page)).toContainText("In Kafka again, as attempt 2");
  await expect(page.getByRole("button", { name: "Send again…" })).not.toHaveAttribute(
    "aria-disabled",
    "true",
  );
});

test("what Kafka refused says why, and is sent as attempt 2 when that is mended", async ({
  page,
  stack,
  producer,
}) => {
  const { id } = await producer.prepare({ key: "customer-10" });
  await refuseMessage(stack.databaseUrl, id, "MESSAGE_TOO_LARGE");
  await page.goto(`/messages/${id}`);
  await expect(stateOf(page)).toContainText("Rejected");
  await expect(page.getByRole("alert").filter({ hasText: "Kafka refused it" })).toContainText(
    "MESSAGE_TOO_LARGE",
  );
  await page.getByRole("button", { name: "Send again…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("It is refused again unless that was mended.");
  await expect(dialog).not.toContainText("applies it twice");
  await dialog.getByLabel("Reason").fill("the topic takes more now");
  await dialog.getByRole("button", { name: "Send attempt 2" }).click();
  await expect(stateOf(page)).toContainText("Sent");
  await expect(axis(page).getByText("Kafka refused it", { exact: true })).toBeVisible();
  await expect(axis(page)).toContainText("admin asked to send it again, as attempt 2");
  await expect(page.getByRole("img", { name: /Its way so far/ })).toHaveAccessibleName(
    "Its way so far: Prepared → Ready → Rejected → Ready → Sent. Now: Sent.",
  );
});

test("a viewer sees what could be done, and why not by a viewer", async ({
  page,
  context,
  stack,
  producer,
}) => {
  const { id } = await producer.prepare();
  await signInAs(context, stack, "viewer");
  await page.goto(`/messages/${id}`);
  const confirm = page.getByRole("button", { name: "Confirm…" });
  await expect(confirm).toHaveAttribute("aria-disabled", "true");
  await confirm.focus();
  await expect(page.getByRole("tooltip")).toContainText("It takes the role Operator");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeHidden();
});

test("all of it by keyboard: the dialog takes the focus and gives it back", async ({ page, producer }) => {
  const { id } = await producer.prepare();
  await page.goto(`/messages/${id}`);
  const button = page.getByRole("button", { name: "Cancel…" });
  await button.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("Reason")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(button).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(dialog.getByLabel("Reason")).toBeFocused();
  await page.keyboard.type("typed without a mouse");
  await page.keyboard.press("Tab"); // copy as curl
  await page.keyboard.press("Tab"); // close
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(stateOf(page)).toContainText("Cancelled");
});
