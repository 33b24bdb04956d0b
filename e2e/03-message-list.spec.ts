import { expect, test } from "./support/fixtures.ts";
import { Wire } from "./support/wire.ts";

test("filters by state and topic in the address, which survives a reload and goes back", async ({
  page,
  producer,
}) => {
  const prepared = await producer.prepare({ businessKey: "o-prepared" });
  const cancelled = await producer.prepare({ businessKey: "o-cancelled" });
  await producer.cancel(cancelled.id);
  const invoice = await producer.send({ topic: "invoices.issued", businessKey: "i-1" }, "billing");

  await page.goto("/messages");
  await expect(page.getByRole("row").filter({ hasText: cancelled.id })).toContainText("Cancelled");
  await page.locator("label", { hasText: /^Prepared$/ }).click();
  await expect(page).toHaveURL(/state=PREPARED/);
  await expect(page.getByRole("row").filter({ hasText: cancelled.id })).toBeHidden();
  await page.reload();
  await expect(page.getByRole("checkbox", { name: "Prepared" })).toBeChecked();
  await expect(page.getByRole("row").filter({ hasText: prepared.id })).toBeVisible();
  await expect(page.getByRole("row").filter({ hasText: invoice.id })).toBeHidden();

  await page.getByRole("button", { name: "Clear filters" }).click();
  await page.getByRole("combobox", { name: "Topic" }).click();
  await page.getByRole("option", { name: "invoices.issued" }).click();
  await expect(page).toHaveURL(/topic=invoices\.issued/);
  await expect(page.getByRole("row").filter({ hasText: invoice.id })).toBeVisible();
  await expect(page.getByRole("row").filter({ hasText: prepared.id })).toBeHidden();
  await page.goBack();
  await expect(page.getByRole("row").filter({ hasText: prepared.id })).toBeVisible();
});

test("follows a message from prepared to sent without being touched", async ({ page, producer }) => {
  const { id } = await producer.prepare();
  await page.goto("/messages");
  const row = page.getByRole("row").filter({ hasText: id });
  await expect(row).toContainText("Prepared");
  await producer.confirm(id);
  await expect(row).toContainText("Sent");
});

test("pages by cursor to the oldest message and back", async ({ page, producer }) => {
  const [oldest] = await producer.sendMany(60, (n) => ({ businessKey: `page-${n}` }));
  await page.goto("/messages");
  const rows = page.getByRole("row");
  await expect(rows).toHaveCount(51); // 50 and the head
  await page.getByRole("button", { name: "Older" }).click();
  await expect(page).toHaveURL(/before=/);
  await expect(rows.filter({ hasText: oldest!.id })).toBeVisible();
  await expect(page.getByText("That is all.")).toBeVisible();
  await page.reload();
  await expect(rows.filter({ hasText: oldest!.id })).toBeVisible();
  await page.getByRole("button", { name: "Newest" }).click();
  await expect(rows).toHaveCount(51);
});

test("stands still while it is read: new messages are counted, states go on", async ({ page, producer }) => {
  const { id } = await producer.prepare({ businessKey: "o-watched" });
  await page.goto("/messages");
  const row = page.getByRole("row").filter({ hasText: id });
  await expect(row).toBeVisible();
  await page.mouse.wheel(0, 400);
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(100);
  const [, firstRow] = await page.getByRole("row").all();
  const before = await firstRow!.textContent();

  const fresh = await producer.sendMany(3, (n) => ({ businessKey: `fresh-${n}` }));
  await producer.confirm(id);
  await expect(page.getByRole("button", { name: "3 new messages" })).toBeVisible();
  await expect(row).toContainText("Sent");
  expect((await firstRow!.textContent())!.slice(0, 40)).toContain(before!.slice(8, 40));
  await expect(page.getByRole("row").filter({ hasText: fresh[0]!.id })).toHaveCount(0);

  await page.getByRole("button", { name: "3 new messages" }).click();
  await expect(page.getByRole("row").filter({ hasText: fresh[2]!.id })).toBeVisible();
  await expect(page.getByRole("button", { name: "3 new messages" })).toBeHidden();
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
      await expect(page.getByRole("row").filter({ hasText: id })).toBeVisible({ timeout: 25_000 });
      await expect(page.getByRole("alert").filter({ hasText: "Not live" })).toBeHidden();
    } finally {
      await wire.close();
    }
  });
});
