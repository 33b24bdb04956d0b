import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "./support/fixtures.ts";
import { signInAs } from "./support/sign-in-as.ts";

const UNKNOWN = "/messages/0193a000-0000-7000-8000-000000000000";

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
  await page.getByRole("main").getByRole("link", { name: "Messages", exact: true }).click();
  await expect(page).toHaveURL(/\/messages\?state=SENT$/);
});

test("follows a prepared message that is open, on its axis and in the picture of its states", async ({
  page,
  producer,
}) => {
  const { id } = await producer.prepare({ businessKey: "o-live" });
  await page.goto(`/messages/${id}`);
  await expect(page.getByText("Producer is asked what became of it")).toBeVisible();
  await expect(page.getByText("Not in Kafka.")).toBeVisible();
  const picture = page.getByRole("img", { name: /Its way so far/ });
  await expect(picture).toHaveAccessibleName("Its way so far: Prepared. Now: Prepared.");
  const next = page.getByRole("list", { name: "What can happen next" });
  await expect(next.getByRole("listitem")).toHaveCount(3);
  await expect(next).toContainText("confirmed by the producer, check-back, or an operator");
  await producer.confirm(id);
  await expect(page.getByText("Confirmed by the producer")).toBeVisible();
  await expect(picture).toHaveAccessibleName("Its way so far: Prepared → Ready → Sent. Now: Sent.");
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
  await expect(page.getByRole("definition").filter({ hasText: "9007199254740993" })).toBeVisible();
});

test("JSON keeps its digits, folds, and is searched; what is found in a fold unfolds it", async ({
  page,
  producer,
}) => {
  const payload = Buffer.from('{"total":12345678901234567890.10,"lines":[{"sku":"A-1"},{"sku":"B-2"}]}');
  const { id } = await producer.send({
    payloadBase64: payload.toString("base64"),
    contentType: "application/json",
  });
  await page.goto(`/messages/${id}`);
  const content = page.locator("pre");
  await expect(content).toContainText("12345678901234567890.10");
  await page.getByRole("button", { name: "Fold all", exact: true }).click();
  await expect(content).toContainText("2 entries");
  await expect(content).not.toContainText("B-2");
  await page.getByRole("button", { name: /2 entries of "lines"/ }).click();
  await page.getByRole("button", { name: "Unfold all" }).click();
  await expect(content).toContainText("B-2");
  await page.getByRole("button", { name: "Fold all", exact: true }).click();
  const find = page.getByRole("searchbox", { name: "Find in the payload" });
  await find.fill("SKU");
  await expect(page.getByText("1 of 2")).toBeVisible();
  await find.press("Enter");
  await expect(page.getByText("2 of 2")).toBeVisible();
  await expect(content.locator("mark[data-current]")).toHaveText("sku");
  await expect(content).toContainText("B-2");
  await find.fill("nowhere");
  await expect(page.getByText("Not found")).toBeVisible();
});

test("shows bytes as bytes, finds them, a large payload cut, and hands out the whole of it exactly", async ({
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
  await page.getByRole("searchbox").fill("7f 00");
  await expect(page.getByText("1 of 1,000+")).toBeVisible();
  await expect(page.locator("mark[data-current]").first()).toHaveText("7f 00");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download" }).click(),
  ]);
  const sum = (data: Buffer) => createHash("sha256").update(data).digest("hex");
  expect(sum(readFileSync(await download.path()))).toBe(sum(bytes));
});

test("leads to other messages about the same business object, and to those of its key", async ({
  page,
  producer,
}) => {
  const business = `o-${Date.now()}`;
  const first = await producer.prepare({ businessKey: business, key: "customer-8", type: "order.placed" });
  const second = await producer.send(
    { topic: "invoices.issued", businessKey: business, type: "invoice.issued" },
    "billing",
  );
  await page.goto(`/messages/${first.id}`);
  const related = page.getByRole("region", { name: "Related messages" });
  await expect(related.getByRole("listitem")).toContainText("billing");
  await expect(related.getByRole("link", { name: "All with key customer-8" })).toHaveAttribute(
    "href",
    "/messages?key=customer-8",
  );
  await related.getByRole("link", { name: "invoice.issued" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(second.id);
});

test.describe("what is not there", () => {
  test.use({ expectedErrors: /404/ });

  test("an unknown message is not found, by status and in words", async ({ page }) => {
    expect((await page.request.get(UNKNOWN)).status()).toBe(404);
    expect((await page.request.get("/messages/no-id")).status()).toBe(404);
    await page.goto(UNKNOWN);
    await expect(page.getByRole("heading", { name: "Not found" })).toBeVisible();
    await page.getByRole("link", { name: "To the overview", exact: true }).click();
    await expect(page).toHaveURL(/\/overview$/);
  });
});

test.describe("when the store does not answer", () => {
  test.use({ expectedErrors: /50[03]/ });

  test("the page says so, and is there again on request", async ({ page, producer, database }) => {
    const { id } = await producer.send();
    await database.query("ALTER TABLE message_event RENAME TO message_event_away");
    try {
      await page.goto(`/messages/${id}`);
      await expect(page.getByRole("heading", { name: "This cannot be shown" })).toBeVisible();
    } finally {
      await database.query("ALTER TABLE message_event_away RENAME TO message_event");
    }
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.getByRole("heading", { name: id })).toBeVisible();
  });
});

test("a masked topic's payload is shown on request, on the record, and hidden again after a while", async ({
  page,
  producer,
  database,
}) => {
  await page.clock.install();
  const { id } = await producer.send({ topic: "salaries.paid", payload: { amount: 4200 } });
  await page.goto(`/messages/${id}`);
  await expect(page.getByText("This topic's payloads and headers are masked.")).toBeVisible();
  await expect(page.getByText("4200")).toBeHidden();
  await page.getByRole("button", { name: "Show it for 5 minutes" }).click();
  await expect(page.locator("pre")).toContainText("4200");
  await expect(page.getByRole("timer")).toContainText(/hidden again in [45]:\d\d/);
  await expect(page.getByText("admin looked at the masked payload")).toBeVisible();
  const looks = async () =>
    (
      await database.query(
        "SELECT actor_name FROM audit_log WHERE action = 'message.unmask' AND target_id = $1",
        [id],
      )
    ).rows;
  expect(await looks()).toEqual([{ actor_name: "admin" }]);
  expect((await page.request.get(`/api/messages/${id}/payload`)).status()).toBe(403);

  await page.clock.fastForward("04:30");
  await expect(page.locator("pre")).toContainText("4200");
  await page.getByRole("button", { name: "Show longer" }).click();
  await expect.poll(async () => (await looks()).length).toBe(2);
  await page.clock.fastForward("04:30");
  await expect(page.locator("pre")).toContainText("4200");
  await page.clock.fastForward("01:00");
  await expect(page.getByText("This topic's payloads and headers are masked.")).toBeVisible();
  await expect(page.getByText("4200")).toBeHidden();

  await page.getByRole("button", { name: "Show it for 5 minutes" }).click();
  await page.getByRole("button", { name: "Hide now" }).click();
  await expect(page.locator("pre")).toBeHidden();
});

test("a viewer may not look behind the mask, and is told who may", async ({
  page,
  context,
  stack,
  producer,
}) => {
  const { id } = await producer.send({ topic: "salaries.paid", payload: { amount: 4300 } });
  await signInAs(context, stack, "viewer");
  await page.goto(`/messages/${id}`);
  const show = page.getByRole("button", { name: "Show it for 5 minutes" });
  await show.focus();
  await expect(page.getByRole("tooltip")).toContainText("It takes the role Operator");
  await page.keyboard.press("Enter");
  await expect(page.getByText("4300")).toBeHidden();
});

test("copies its id, its address and the call of the API that reads it", async ({
  page,
  context,
  producer,
  stack,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: stack.consoleUrl });
  const { id } = await producer.send();
  await page.goto(`/messages/${id}`);
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  await page.getByRole("button", { name: "Copy Message id" }).click();
  expect(await clipboard()).toBe(id);
  await page.getByRole("button", { name: "Copy link to this page" }).click();
  expect(await clipboard()).toBe(`${stack.consoleUrl}/messages/${id}`);
  await page.getByRole("button", { name: "Copy as curl" }).click();
  await expect.poll(clipboard).toContain(`/v1/messages/${id}`);
});
