import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, test } from "./support/fixtures.ts";
import { Wire } from "./support/wire.ts";

const row = (page: Page, id: string) => page.getByRole("row").filter({ hasText: id });
const chip = (page: Page, name: string) => page.getByRole("checkbox", { name: new RegExp(`^${name}`) });
const peek = (page: Page) => page.getByRole("dialog", { name: /^Peek/ });
/** A key of its own, so that a list of it holds what the test sent and nothing else. */
const ownKey = () => `k-${randomUUID()}`;

test("filters by state and topic in the address, which survives a reload and goes back", async ({
  page,
  producer,
}) => {
  const key = ownKey();
  const prepared = await producer.prepare({ key });
  const cancelled = await producer.prepare({ key });
  await producer.cancel(cancelled.id);
  const invoice = await producer.send({ key, topic: "invoices.issued" }, "billing");

  await page.goto(`/messages?key=${key}`);
  await expect(row(page, cancelled.id)).toContainText("Cancelled");
  await page.locator("label", { hasText: /^Prepared/ }).click();
  await expect(page).toHaveURL(/state=PREPARED/);
  await expect(row(page, cancelled.id)).toBeHidden();
  await page.reload();
  await expect(chip(page, "Prepared")).toBeChecked();
  await expect(row(page, prepared.id)).toBeVisible();
  await expect(row(page, invoice.id)).toBeHidden();

  await page.locator("label", { hasText: /^Prepared/ }).click();
  await page.getByRole("combobox", { name: "Topic" }).click();
  await page.getByRole("option", { name: "invoices.issued" }).click();
  await expect(page).toHaveURL(/topic=invoices\.issued/);
  await expect(row(page, invoice.id)).toBeVisible();
  await expect(row(page, prepared.id)).toBeHidden();
  await page.goBack();
  await expect(row(page, prepared.id)).toBeVisible();
  await page.getByRole("button", { name: "Clear filters" }).click();
  await expect(page).toHaveURL(/\/messages$/);
});

test("filters by app, keys and time", async ({ page, producer }) => {
  const key = ownKey();
  const mine = await producer.send({ key, businessKey: `o-${key}` });
  const billing = await producer.send({ key, topic: "invoices.issued" }, "billing");

  await page.goto("/messages");
  await page.getByRole("button", { name: "Keys" }).click();
  await page.getByRole("textbox", { name: "Key", exact: true }).fill(key);
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByRole("row")).toHaveCount(3); // two and the head
  await expect(row(page, mine.id)).toBeVisible();

  await page.getByRole("combobox", { name: "App" }).click();
  await page.getByRole("option", { name: "billing" }).click();
  await expect(row(page, mine.id)).toBeHidden();
  await expect(row(page, billing.id)).toBeVisible();

  await page.goto(`/messages?business=o-${key}`);
  await expect(row(page, mine.id)).toBeVisible();
  await page.getByRole("button", { name: /^Time: / }).click();
  await page.getByRole("button", { name: "Last 15 minutes" }).click();
  await expect(page).toHaveURL(/recent=15m/);
  await expect(row(page, mine.id)).toBeVisible();
  await page.goto(`/messages?business=o-${key}&to=2026-01-01T00:00:00.000Z`);
  await expect(page.getByText("Nothing matches")).toBeVisible();
});

test("counts what waits, as far as it can be counted, and follows app and topic", async ({
  page,
  producer,
  database,
}) => {
  await producer.prepare({ topic: "invoices.issued" }, "billing");
  await page.goto("/messages?topic=invoices.issued&app=billing");
  const count = async () => {
    const { rows } = await database.query<{ n: string }>(
      `SELECT count(*) AS n FROM message_state s JOIN topic t ON t.id = s.topic_id JOIN app a ON a.id = s.app_id
       WHERE s.state = 'PREPARED' AND t.name = 'invoices.issued' AND a.name = 'billing'`,
    );
    return rows[0]!.n;
  };
  const before = await count();
  await expect(chip(page, "Prepared")).toHaveAccessibleName(`Prepared ${before}`);
  await producer.prepare({ topic: "invoices.issued" }, "billing");
  expect(await count()).toBe(String(Number(before) + 1));
  await expect(chip(page, "Prepared")).toHaveAccessibleName(`Prepared ${Number(before) + 1}`);
  await expect(chip(page, "Sent")).toHaveAccessibleName("Sent");
});

test("follows a message from prepared to sent without being touched", async ({ page, producer }) => {
  const key = ownKey();
  const { id } = await producer.prepare({ key });
  await page.goto(`/messages?key=${key}`);
  await expect(row(page, id)).toContainText("Prepared");
  await producer.confirm(id);
  await expect(row(page, id)).toContainText("Sent");
});

test("pages by cursor to the oldest message and back", async ({ page, producer }) => {
  const key = ownKey();
  const [oldest] = await producer.sendMany(110, (n) => ({ key, businessKey: `page-${n}` }));
  await page.goto(`/messages?key=${key}`);
  const rows = page.getByRole("row");
  await expect(rows).toHaveCount(101); // 100 and the head
  await page.getByRole("button", { name: "Older" }).click();
  await expect(page).toHaveURL(/before=/);
  await expect(row(page, oldest!.id)).toBeVisible();
  await expect(page.getByText("That is all.")).toBeVisible();
  await page.reload();
  await expect(rows).toHaveCount(11);
  await page.getByRole("button", { name: "Newest" }).click();
  await expect(rows).toHaveCount(101);
});

test("stands still while it is read: new messages are counted, states go on", async ({ page, producer }) => {
  const key = ownKey();
  const { id } = await producer.prepare({ key });
  await producer.sendMany(60, () => ({ key }));
  await page.goto(`/messages?key=${key}`);
  await expect(page.getByRole("row")).toHaveCount(62);
  await page.mouse.wheel(0, 400);
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(100);
  const links = page.locator("tbody tr a");
  const before = await links.allTextContents();

  const fresh = await producer.sendMany(3, () => ({ key }));
  await producer.confirm(id);
  await expect(page.getByRole("button", { name: "3 new" })).toBeVisible();
  await expect(row(page, id)).toContainText("Sent");
  expect(await links.allTextContents()).toEqual(before);

  // By the mouse itself: a locator's click first scrolls to where the band would be without sticking, which is the top.
  const pill = (await page.getByRole("button", { name: "3 new" }).boundingBox())!;
  await page.mouse.click(pill.x + pill.width / 2, pill.y + pill.height / 2);
  await expect(row(page, fresh[2]!.id)).toBeVisible();
  await expect(page.getByRole("button", { name: "3 new" })).toBeHidden();
});

test("peeks beside the list with the keyboard, and the address keeps the row", async ({ page, producer }) => {
  const key = ownKey();
  const sent = await producer.sendMany(3, (n) => ({ key, payload: { step: `payload-${n}` } }));
  const [third, second, first] = sent.map(({ id }) => id).toSorted();
  await page.goto(`/messages?key=${key}`);
  await expect(page.getByRole("row")).toHaveCount(4);
  await expect(page.getByText("Live", { exact: true })).toBeVisible();

  await page.keyboard.press("j");
  await expect(page.getByRole("link", { name: first })).toBeFocused();
  await page.keyboard.press("Space");
  await expect(peek(page)).toContainText(first!);
  await expect(page).toHaveURL(new RegExp(`peek=${first}`));
  await page.keyboard.press("j");
  await expect(peek(page)).toContainText(second!);
  await expect(peek(page)).toContainText("payload-");
  await page.reload();
  await expect(peek(page)).toContainText(second!);
  await page.keyboard.press("j");
  await expect(peek(page)).toContainText(third!);
  await page.keyboard.press("Escape");
  await expect(peek(page)).toBeHidden();
  await expect(page.getByRole("link", { name: third })).toBeFocused();
  await expect(page).not.toHaveURL(/peek=/);
});

test("a link to a peek shows its message though the list has moved on", async ({ page, producer }) => {
  const { id } = await producer.send();
  await page.goto(`/messages?key=${ownKey()}&peek=${id}`);
  await expect(peek(page)).toContainText(id);
  await expect(page.getByText("Nothing matches")).toBeVisible();
  await peek(page).getByRole("link", { name: "Open", exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/messages/${id}`));
});

test("a selection holds the list still, spans pages, and is exported as JSON lines", async ({
  page,
  producer,
}) => {
  const key = ownKey();
  const sent = await producer.sendMany(101, (n) => ({ key, businessKey: `n-${n}` }));
  const [oldest] = sent.map(({ id }) => id).toSorted();
  await page.goto(`/messages?key=${key}`);
  await page.getByRole("checkbox", { name: "Select all rows of this page" }).click();
  await expect(page.getByText("100 selected")).toBeVisible();
  await producer.send({ key });
  await expect(page.getByRole("button", { name: "1 new" })).toBeVisible();

  // On from where the page that stands still ends, not from where the newest one does.
  await page.getByRole("button", { name: "Older" }).click();
  await expect(page.getByRole("row")).toHaveCount(2);
  await page.getByRole("checkbox", { name: `Select ${oldest}` }).click();
  await expect(page.getByText("101 selected (100 not on this page)")).toBeVisible();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Export as JSON lines" }).click(),
  ]);
  const lines = (await readFile(await file.path(), "utf8")).trimEnd().split("\n");
  const exported = lines.map((line) => JSON.parse(line) as { id: string; key: string });
  expect(exported.map((message) => message.id)).toEqual(
    sent
      .map(({ id }) => id)
      .toSorted()
      .toReversed(),
  );

  await page.getByRole("button", { name: "Clear selection" }).click();
  await expect(page.getByText("101 selected")).toBeHidden();
});

test("selects a range with Shift, and one row with x", async ({ page, producer }) => {
  const key = ownKey();
  const sent = await producer.sendMany(5, () => ({ key }));
  const ids = sent
    .map(({ id }) => id)
    .toSorted()
    .toReversed();
  await page.goto(`/messages?key=${key}`);
  await page.getByRole("checkbox", { name: `Select ${ids[1]}` }).click();
  await page.getByRole("checkbox", { name: `Select ${ids[3]}` }).click({ modifiers: ["Shift"] });
  await expect(page.getByText("3 selected")).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await expect(page.getByText("4 selected")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByText("4 selected")).toBeHidden();
});

test("keeps the chosen columns", async ({ page, producer }) => {
  await producer.send({ type: "order.created" });
  await page.goto("/messages");
  await page.getByRole("button", { name: "Choose columns" }).click();
  await page.getByRole("checkbox", { name: "Type", exact: true }).click();
  await page.getByRole("checkbox", { name: "App", exact: true }).click();
  await expect(page.getByRole("checkbox", { name: "Message", exact: true })).toBeDisabled();
  await page.keyboard.press("Escape");
  const head = page.getByRole("columnheader");
  await expect(head.filter({ hasText: /^Type$/ })).toBeVisible();
  await expect(head.filter({ hasText: /^App$/ })).toHaveCount(0);
  await page.reload();
  await expect(head.filter({ hasText: /^Type$/ })).toBeVisible();
  await expect(head.filter({ hasText: /^App$/ })).toHaveCount(0);
  await page.getByRole("button", { name: "Choose columns" }).click();
  await page.getByRole("button", { name: "Default columns" }).click();
  await expect(head.filter({ hasText: /^App$/ })).toBeVisible();
  await expect(page.getByRole("columnheader", { name: "Stored" })).toHaveAttribute("aria-sort", "descending");
});

test.describe("when the list cannot be read", () => {
  test.use({ expectedErrors: /ERR_|Failed to fetch|Failed to load resource/ });

  test("says so, and shows it as soon as it can", async ({ page, producer }) => {
    const key = ownKey();
    const { id } = await producer.prepare({ key });
    await page.goto(`/messages?key=${key}`);
    await expect(row(page, id)).toBeVisible();
    await page.route(/messages\.list/, (route) => route.abort());
    await page.locator("label", { hasText: /^Prepared/ }).click();
    await expect(page.getByRole("alert").filter({ hasText: "This cannot be shown" })).toBeVisible();
    await page.unroute(/messages\.list/);
    await expect(row(page, id)).toBeVisible();
    await expect(page.getByText("This cannot be shown")).toBeHidden();
  });
});

test.describe("with the connection lost", () => {
  test.use({ expectedErrors: /ERR_|Failed to fetch|Failed to load resource/ });

  test("says that it is not live, and catches up by itself", async ({ page, producer, stack }) => {
    const wire = await Wire.to(stack.consoleUrl);
    try {
      await page.goto(`${wire.url}/messages`);
      await expect(page.getByText("Live", { exact: true })).toBeVisible();
      wire.cut();
      await expect(page.getByRole("alert").filter({ hasText: "Not live" })).toBeVisible({ timeout: 25_000 });
      const { id } = await producer.send();
      wire.mend();
      await expect(row(page, id)).toBeVisible({ timeout: 25_000 });
      await expect(page.getByRole("alert").filter({ hasText: "Not live" })).toBeHidden();
    } finally {
      await wire.close();
    }
  });
});
