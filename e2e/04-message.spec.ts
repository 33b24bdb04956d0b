import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "./support/fixtures.ts";

test("opens from the list, shows where it is in Kafka, and goes back to the same filter", async ({
  page,
  producer,
}) => {
  const { id } = await producer.send({
    key: "customer-7",
    businessKey: "o-open",
    type: "com.example.order",
    headers: { tenant: "north", note: "Grüße" },
    payload: { order: 7, total: 12345678901234567890n.toString(), lines: [{ sku: "A-1", quantity: 2 }] },
  });
  await page.goto("/messages?state=SENT");
  await page.getByRole("link", { name: id }).click();
  await expect(page).toHaveURL(new RegExp(`/messages/${id}\\?state=SENT`));
  await expect(page.getByRole("heading", { name: id })).toBeVisible();
  await expect(page.getByRole("definition").filter({ hasText: "customer-7" })).toBeVisible();
  await expect(page.getByText("Offset", { exact: true })).toBeVisible();
  await expect(page.getByText("Stored as committed")).toBeVisible();
  await expect(page.getByRole("region", { name: "Headers" })).toContainText("Grüße");
  await expect(page.locator("pre")).toContainText('"sku": "A-1"');
  await page.getByRole("link", { name: "Messages", exact: true }).last().click();
  await expect(page).toHaveURL(/\/messages\?state=SENT$/);
});

test("follows a prepared message that is open", async ({ page, producer }) => {
  const { id } = await producer.prepare({ businessKey: "o-live" });
  await page.goto(`/messages/${id}`);
  await expect(page.getByText("Producer is asked what became of it")).toBeVisible();
  await expect(page.getByText("Not in Kafka.")).toBeVisible();
  await producer.confirm(id);
  await expect(page.getByText("In Kafka", { exact: true })).toBeVisible();
  await expect(page.getByText("Confirmed by the producer")).toBeVisible();
});

test("shows an offset beyond 2^53 with every digit", async ({ page, producer, database }) => {
  const { id } = await producer.send();
  await expect
    .poll(
      async () =>
        (await database.query("SELECT state FROM message_state WHERE id = $1", [id])).rows[0]?.state,
    )
    .toBe("SENT");
  await database.query("UPDATE message_state SET broker_offset = 9007199254740993 WHERE id = $1", [id]);
  await page.goto(`/messages/${id}`);
  await expect(page.getByText("9007199254740993")).toBeVisible();
});

test("shows bytes as bytes, a large payload cut, and hands out the whole of it exactly", async ({
  page,
  producer,
}) => {
  const bytes = Buffer.alloc(200 * 1024, Buffer.from([0x00, 0xff, 0x41, 0x7f]));
  const { id } = await producer.send({
    payloadBase64: bytes.toString("base64"),
    contentType: "application/octet-stream",
  });
  await page.goto(`/messages/${id}`);
  await expect(page.getByText("The first 64 KiB of 200 KiB are shown.")).toBeVisible();
  await expect(page.locator("pre")).toContainText("00000000  00 ff 41 7f");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download" }).click(),
  ]);
  const sum = (data: Buffer) => createHash("sha256").update(data).digest("hex");
  expect(sum(readFileSync(await download.path()))).toBe(sum(bytes));
});

test.describe("what is not there", () => {
  test.use({ expectedErrors: /404/ });

  test("an unknown message is not found", async ({ page }) => {
    await page.goto("/messages/0193a000-0000-7000-8000-000000000000");
    await expect(page.getByRole("heading", { name: "Not found" })).toBeVisible();
    await page.getByRole("link", { name: "To the messages" }).click();
    await expect(page.getByRole("heading", { name: "Messages", exact: true })).toBeVisible();
  });
});

test("a masked topic's payload is shown on request only, and the look is recorded", async ({
  page,
  producer,
  database,
}) => {
  const { id } = await producer.send({ topic: "salaries.paid", payload: { amount: 4200 } });
  await page.goto(`/messages/${id}`);
  await expect(page.getByText("This topic's payloads and headers are masked.")).toBeVisible();
  await expect(page.getByText("4200")).toBeHidden();
  await page.getByRole("button", { name: "Show it" }).click();
  await expect(page.locator("pre")).toContainText("4200");
  const { rows } = await database.query(
    "SELECT actor_name FROM audit_log WHERE action = 'message.unmask' AND target_id = $1",
    [id],
  );
  expect(rows).toEqual([{ actor_name: "admin" }]);
  expect((await page.request.get(`/api/messages/${id}/payload`)).status()).toBe(403);
});
